"""The default student: a small transformer encoder that reads each document once."""
