"""Figures: what the register counts, compares and draws. They read and never write; what is written about them is an operation."""
