"""The made-up district 东澄区 of the made-up city 澄江市: how it is grown from one seed."""
