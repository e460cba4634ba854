"""Payment methods of the sandbox's accounts: what is offered to buyers, and what the methods call answers."""

from typing import Final

from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity

BANKS: Final = {
    "SBIN": "State Bank of India",
    "HDFC": "HDFC Bank",
    "ICIC": "ICICI Bank",
    "UTIB": "Axis Bank",
    "KKBK": "Kotak Mahindra Bank",
    "YESB": "Yes Bank",
    "PUNB_R": "Punjab National Bank - Retail Banking",
    "BARB_R": "Bank of Baroda - Retail Banking",
    "CNRB": "Canara Bank",
    "UBIN": "Union Bank of India",
    "IDIB": "Indian Bank",
    "INDB": "IndusInd Bank",
    "IDFB": "IDFC FIRST Bank",
    "FDRL": "Federal Bank",
    "SIBL": "South Indian Bank",
    "KARB": "Karnataka Bank",
}
WALLETS: Final = {
    "payzapp": "PayZapp",
    "mobikwik": "MobiKwik",
    "airtelmoney": "Airtel Money",
    "jiomoney": "JioMoney",
    "olamoney": "Ola Money",
    "phonepe": "PhonePe",
    "amazonpay": "Amazon Pay",
}
NETWORKS: Final = {"AMEX": 1, "DICL": 1, "MC": 1, "MAES": 1, "VISA": 1, "JCB": 0, "RUPAY": 1, "BAJAJ": 0}


def describe(gateway: Gateway) -> Entity:
    """List the enabled methods the way ``/methods`` answers them."""
    on = gateway.settings.methods
    return {
        "entity": "methods",
        "card": on["card"],
        "debit_card": on["card"],
        "credit_card": on["card"],
        "prepaid_card": on["card"],
        "card_networks": NETWORKS,
        "card_subtype": {"consumer": 1, "business": 1, "premium": 0},
        "amex": on["card"],
        "netbanking": BANKS if on["netbanking"] else [],
        "wallet": dict.fromkeys(WALLETS, True) if on["wallet"] else [],
        "emi": False,
        "upi": on["upi"],
        "upi_type": {"collect": int(on["upi"]), "intent": int(on["upi"])},
        "upi_intent": on["upi"],
        "cardless_emi": [],
        "paylater": [],
        "google_pay_cards": False,
        "app": {},
        "gpay": False,
        "emi_types": {"credit": False, "debit": False},
        "debit_emi_providers": {"HDFC": 0, "KKBK": 0, "INDB": 0},
        "nach": False,
        "recurring": [],
        "offline": False,
        "cod": False,
        "fpx": [],
    }
