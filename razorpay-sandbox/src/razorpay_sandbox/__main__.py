"""Runs the sandbox: ``python -m razorpay_sandbox``."""

from razorpay_sandbox.cli import main

if __name__ == "__main__":
    main()
