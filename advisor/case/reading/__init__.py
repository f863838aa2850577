"""Read what people bring: spreadsheets, exports and logs, as texts, answers or votes."""
