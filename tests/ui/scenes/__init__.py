"""What ``tests.ui.shots`` takes pictures of: a module for each screen, with a desk of its own."""
