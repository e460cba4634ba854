"""The money: the Razorpay client, settling, refunds, webhooks and reconciliation."""
