"""The demonstration (`make demo`): from paper to a received PDF/A, start to finish.

It works the product from outside, through its command line alone, and checks what comes of it.
"""
