"""What staff see and type at the desk: whom they book, what is on, and what becomes of it."""
