"""What the frozen program begins with."""

from digitizer.__main__ import main

if __name__ == "__main__":
    main()
