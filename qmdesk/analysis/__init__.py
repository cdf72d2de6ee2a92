"""The arithmetic of quality: plain numbers in, plain numbers out; no record and no register."""
