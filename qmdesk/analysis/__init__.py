"""The arithmetic of quality: plain numbers in, plain numbers out; no record, no register, no words."""
