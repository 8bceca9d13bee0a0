"""Invoices, receipts, credit notes and payout statements: numbered without gaps, frozen when issued."""
