"""Case files that tests read: the documented one, whole, and the shortest."""

WHOLE = """
title = "Clinic visit notes"
[brief]
use_case = "domain_summarization"
base_kind = "general"
stage = "tuned_on_trial"
training_pairs = 67
tried = ["few_shot"]
[brief.customer_of]
openai = "tuned_before"
[prompts]
file = "prompts.jsonl"
judgments = "judgments.jsonl"
[arms.base]
endpoint = "http://127.0.0.1:8901/v1"
model = "base-model"
api_key_env = "WORTH_TUNING_TEST_KEY"
system_prompt = "Write a note."
offer = "openai:gpt-6-luna"
[arms.base.price]
input = 0.10
cached_input = 0.01
output = 0.50
[arms.tuned]
endpoint = "http://127.0.0.1:8901/v1"
model = "ft:base-model:acme::abc123"
[arms.tuned.price]
input = 0.80
output = 3.20
training_per_1m = 5.0
training_tokens = 2000000
epochs = 3
min_fee = 0.0
hosting_per_hour = 1.70
hosting_hours_per_month = 730
replicas = 1
storage_per_month = 0.0
[run]
concurrency = 20
samples = 1
max_output_tokens = 256
temperature = 0.0
timeout_s = 60
cap_usd = 5.0
primary_metric = "rouge1"
[volume]
requests_per_month = 200000
horizon_months = 12
growth_per_month = 0.0
cached_share = 0.0
batch_share = 0.0
retrainings_per_year = 0
input_tokens_per_request = 800
output_tokens_per_request = 200
"""
"""Every table and key: 800 units in and 200 out, 200,000 times a month."""
SHORT = 'title = "t"\n[brief]\nuse_case = "general_chatbots"\n'
