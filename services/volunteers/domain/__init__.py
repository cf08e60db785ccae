"""The rules of helping: pure, with the time as an argument."""
