# ruff: noqa: E501  # a row of the table is a line
"""The fault matrix of the reliability note (2.4) and its recovery table (2.6): for every cell the test that proves it.

A cell names a test (or several, joined by ` + `), or says with `no:` why it cannot occur or has no effect there, or with
`owed:` what nobody has shown yet. `test_matrix.py` holds that no cell is missing, every test exists, and what is owed
does not grow.
"""

from __future__ import annotations

STEPS = ("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "A2", "A3", "A4", "A5")

_SERVICES = "tests/unit/services/"
TESTS: dict[str, str] = {
    "died": _SERVICES + "test_restart_everywhere.py::test_died_after_every_commit",
    "died-message": _SERVICES + "test_restart_everywhere.py::test_died_after_every_message",
    "killed": "tests/faults/process/test_killed_anywhere.py::test_dead_at_a_storage_call_of_every_play",
    "killed-system": "tests/faults/process/test_killed_anywhere.py::test_sigkill_at_a_system_call",
    "whole-process": "tests/end_to_end/test_killed_terminal.py::test_sigkill_then_restart_leaves_the_ledgers_equal",
    "power": "tests/faults/sqlite/test_torn_writes.py::test_a_power_cut_loses_nothing_confirmed",
    "write-log": "tests/faults/sqlite/test_write_log.py::test_whatever_the_disk_kept_of_its_writes_the_day_ends_well",
    "write-log-lazy": "tests/faults/sqlite/test_write_log.py::test_a_book_that_does_not_wait_for_the_disk_is_caught",
    "refused": "tests/faults/process/test_refused_anywhere.py::test_a_storage_call_is_refused",
    "disk-plays": _SERVICES + "test_disk_refuses.py::test_refused_at_every_commit_of_a_play",
    "disk-low": _SERVICES
    + "test_health.py::test_a_nearly_full_disk_blocks_points_until_there_is_room_and_never_a_sale",
    "reserve": "tests/faults/sqlite/test_reserve_and_keys.py::"
    "test_fuel_that_has_flowed_is_written_on_a_full_disk_and_nothing_else_is",
    "sale-reserve": _SERVICES + "test_disk_refuses.py::test_a_sale_is_opened_from_the_room_that_is_kept_for_it",
    "locked": "tests/faults/sqlite/test_disk.py::test_another_writer_in_the_way_is_named",
    "flips": "tests/faults/sqlite/test_bit_flips.py::test_no_bit_of_what_a_till_left_turns_silently",
    "rebuilt": "tests/integration/bootstrap/test_books.py::test_a_damaged_old_or_missing_book_is_made_anew",
    "damaged-started": "tests/end_to_end/test_foreign_books.py::"
    "test_a_damaged_book_is_made_anew_from_its_mirror_and_kept_beside_it",
    "books-of-another": "tests/end_to_end/test_foreign_books.py::"
    "test_books_of_another_till_are_used_and_said_to_be_anothers",
    "rebuilt-trusted": _SERVICES
    + "test_health.py::test_rebuilt_books_are_trusted_again_when_central_has_confirmed_what_waited",
    "down": _SERVICES + "test_lost_answers.py::test_central_down_from_every_step_on",
    "not-sent": "tests/faults/test_central_network.py::test_f06_refused_is_known_not_to_have_been_sent_and_comes_back",
    "bad-answer": _SERVICES + "test_lost_answers.py::test_one_bad_answer_to_a_verb_in_every_play",
    "bad-answers": _SERVICES + "test_lost_answers.py::test_nothing_but_bad_answers_to_everything_in_every_play",
    "slow": "tests/faults/test_central_network.py::test_f07_slow_beyond_patience_is_unknown_and_booked_all_the_same",
    "drip": "tests/faults/test_central_network.py::test_f07_a_dripping_answer_ends_with_the_operation",
    "foreign": "tests/faults/test_central_network.py::test_f08_f16_whatever_is_not_central_speaking_is_no_answer",
    "lost": "tests/faults/test_central_network.py::test_f09_a_lost_answer_is_unknown_and_the_same_bytes_bring_it",
    "lost-accruals": "tests/faults/test_central_network.py::test_f09_every_lost_accrual_is_booked_once",
    "same-bytes": _SERVICES + "test_lost_answers.py::test_a_retry_is_the_same_bytes_under_the_same_key",
    "tombstone": _SERVICES + "test_lost_answers.py::test_a_hold_that_arrives_after_its_void_loses_to_the_tombstone",
    "late-consent": _SERVICES
    + "test_redemption.py::test_a_cancelled_redemption_whose_consent_arrives_late_is_given_back",
    "declined": _SERVICES + "test_redemption.py::test_central_declines_the_hold_when_the_points_went_elsewhere",
    "capture-refused": _SERVICES
    + "test_central_says_no.py::test_a_refused_capture_is_kept_for_a_person_and_the_sale_is_paid",
    "accrual-refused": _SERVICES
    + "test_central_says_no.py::test_a_sale_somebody_else_has_accrued_is_refused_once_and_for_all",
    "shortfall": _SERVICES
    + "test_central_says_no.py::test_fuel_central_could_not_debit_is_a_shortfall_and_never_debited_later",
    "receipt-waits": _SERVICES
    + "test_lost_answers.py::test_a_capture_central_cannot_hear_waits_and_the_receipt_says_so",
    "unavailable": "tests/faults/test_central_network.py::test_f15_unavailable_leaves_a_write_in_doubt",
    "portal": "tests/faults/test_central_network.py::test_f16_a_captive_portal_is_not_central",
    "lies-before": _SERVICES + "test_plausibility.py::test_a_lie_before_fuel_is_asked_again_or_given_back",
    "lies-after": _SERVICES + "test_plausibility.py::test_a_lie_about_what_was_done_is_kept_and_asked_again",
    "lies-network": "tests/faults/test_central_network.py::test_lies_of_head_office_reach_the_till_and_the_truth_after_them",
    "asked-to-wait": "tests/properties/test_pacing.py::test_what_central_asks_for_is_kept_up_to_ten_minutes",
    "paced": "tests/properties/test_pacing.py::test_the_forwarding_lane_keeps_to_five_a_second",
    "forged": "tests/faults/test_central_network.py::test_a_permit_signed_by_anybody_else_is_no_consent",
    "clock": _SERVICES + "test_central_says_no.py::test_a_computer_clock_that_jumps_moves_no_deadline",
    "clock-prices": _SERVICES + "test_prices.py::test_a_clock_that_jumps_back_flips_no_price",
    "clock-steps": "tests/faults/process/test_clock_jumps.py::"
    "test_a_clock_that_jumps_at_every_step_of_a_sale_loses_nothing",
    "unplugged": _SERVICES + "test_gift.py::test_a_gift_that_ends_while_the_line_is_down",
    "pump-unheard": _SERVICES + "test_gift.py::test_a_pump_that_is_not_heard_is_not_armed",
    "unconfirmed": _SERVICES + "test_gift.py::test_an_authorisation_that_is_not_confirmed_is_withdrawn",
    "garbage": "tests/faults/dispenser/test_dart_faults.py",
    "stuck": _SERVICES + "test_odd_deliveries.py::test_a_pump_that_stands_still_is_said_once_and_nothing_is_guessed",
    "ghost": _SERVICES + "test_odd_deliveries.py::test_fuel_nobody_permitted_is_said_and_paid_like_any_other",
    "ghost-gift": _SERVICES + "test_odd_deliveries.py::test_it_is_not_what_a_gift_that_was_taken_back_was_for",
    "unsettled": _SERVICES + "test_odd_deliveries.py::test_no_gift_at_a_pump_whose_last_fuelling_is_not_settled",
    "pump-power": _SERVICES + "test_gift.py::test_a_power_cut_during_a_gift_captures_what_the_meter_counted",
    "restart-armed": _SERVICES
    + "test_gift.py::test_after_a_restart_an_armed_pump_is_disarmed_and_the_points_come_back",
    "restart-fuelling": _SERVICES + "test_gift.py::test_after_a_restart_a_gift_that_is_fuelling_goes_on",
    "restart-ended": _SERVICES + "test_gift.py::test_a_gift_that_ended_while_the_program_was_dead",
    "restart-permit": _SERVICES + "test_gift.py::test_a_permit_in_hand_does_not_survive_a_restart",
    "second": "tests/end_to_end/test_cannot_start.py::test_a_second_instance_is_refused_and_the_first_goes_on",
    "fenced": "tests/integration/central/test_refusals.py::test_i12_an_older_session_is_fenced_off_but_facts_are_taken",
    "fork": "tests/integration/central/test_journal_stream.py::test_two_books_under_one_name_are_a_fork",
    "old-copy": "tests/integration/central/test_journal_stream.py::"
    "test_an_old_copy_or_another_book_gets_no_session_and_fences_nobody_off",
    "at-once": "tests/faults/process/test_instances.py::"
    "test_of_several_started_at_once_one_works_and_its_death_makes_way",
    "put-back": "tests/faults/process/test_profiles.py::"
    "test_a_profile_put_back_from_yesterday_is_found_at_first_contact",
    "cloned": "tests/faults/process/test_profiles.py::"
    "test_of_two_copies_at_one_central_neither_spends_points_and_both_sell",
    "central-restored": "tests/faults/process/test_profiles.py::"
    "test_what_was_under_way_when_central_went_back_is_refused_or_kept_and_never_invented",
    "booked-again": "tests/faults/process/test_profiles.py::"
    "test_a_capture_and_an_accrual_central_lost_are_booked_again_once",
    "double-spend": "tests/integration/central/test_offline_vouchers.py::"
    "test_a_spent_voucher_is_debited_once_and_its_rest_released",
    "network": "tests/faults/test_network_proxy.py::test_a_fault_on_the_way_is_doubt_and_the_same_bytes_are_done_once",
    "half-open": "tests/faults/test_network_proxy.py::test_a_half_open_connection_ends_with_patience",
    "no-connection": "tests/faults/test_network_proxy.py::test_where_no_connection_is_made_nothing_was_sent",
    "late": "tests/faults/test_network_proxy.py::test_what_arrives_after_its_repetition_moves_nothing",
    "after-void": "tests/faults/test_network_proxy.py::test_what_arrives_after_the_void_moves_nothing",
    "printer": "tests/integration/printer/test_receipt_printer.py",
    "keys": "tests/unit/secrets/test_key_stores.py::test_each_failure_has_its_name",
    "keys-hang": "tests/unit/secrets/test_key_stores.py::test_a_hidden_prompt_does_not_hold_the_terminal",
    "keys-block": _SERVICES
    + "test_health.py::test_a_key_store_that_cannot_be_trusted_blocks_points_until_the_next_start",
    "keys-lie": "tests/integration/bootstrap/test_books.py::test_a_key_store_that_lies_is_not_believed",
    "keys-named": "tests/faults/process/test_key_stores.py::"
    "test_a_store_that_cannot_be_trusted_is_named_blocks_points_and_stops_no_sale",
    "keys-running": "tests/faults/process/test_key_stores.py::"
    "test_a_store_that_is_locked_while_the_till_runs_is_not_missed_before_the_next_start",
    "expired": _SERVICES + "test_redemption.py::test_a_code_that_has_run_out_may_be_replaced",
    "wrong": _SERVICES + "test_redemption.py::test_a_wrong_code_then_the_right_one",
    "three-wrong": _SERVICES + "test_redemption.py::test_three_wrong_codes_lock_and_give_everything_back",
    "price-restarts": _SERVICES + "test_price_restarts.py::test_died_after_every_commit_around_a_change",
    "migration-fails": "tests/integration/sqlite/test_migrate.py::test_a_step_that_fails_leaves_the_version_before_it",
    "newer": "tests/faults/sqlite/test_disk.py::test_a_book_of_a_later_program_is_left_alone",
    "poison": "tests/faults/process/test_poison_record.py::"
    "test_a_record_that_kills_the_program_is_set_aside_at_the_third_start_and_counts_once",
    "keypad-dead": _SERVICES + "test_keypad_dead.py::test_a_customer_says_his_number_to_the_cashier_and_earns",
    "keypad-missing": _SERVICES
    + "test_keypad_lost.py::test_no_code_is_sent_that_nobody_could_type_and_earning_goes_on",
    "keypad-lost": _SERVICES
    + "test_keypad_lost.py::test_it_goes_in_the_middle_everything_typed_is_wiped_and_on_its_return_it_begins_anew",
    "keypad-usb": "tests/unit/adapters/test_usb_keypad.py::test_pulled_out_and_put_back_under_another_name",
    "keypad-serial": "tests/unit/adapters/test_serial_keypad.py::"
    "test_a_cable_pulled_out_at_either_end_is_noticed_and_its_return_too",
    "screen-lost": "tests/ui/test_plugged_screens.py::test_screens_come_and_go_and_a_code_half_typed_begins_anew",
    "walks": _SERVICES + "test_redemption.py::test_the_customer_walks_away_and_the_sale_is_still_payable",
    "not-come": _SERVICES + "test_gift.py::test_a_pump_nobody_comes_to_is_disarmed_after_three_minutes",
    "partial": _SERVICES + "test_gift.py::test_the_rest_of_a_partial_fuelling_is_released",
    "overrun": _SERVICES + "test_gift.py::test_an_overrun_above_tolerance_is_due_and_never_debited",
    "overrun-small": _SERVICES + "test_gift.py::test_an_overrun_within_tolerance_is_the_stations",
    "cancel": _SERVICES + "test_redemption.py::test_cancelling_gives_the_hold_back",
}

_NO_PUMP = "no: nothing is asked of a pump, or nothing of head office, in this step"
_ONLY_CODE = "no: only a code or a PIN can be wrong"

MATRIX: dict[str, dict[str, str]] = {
    "F01": {"S1 S2 S3 S4 S5 S6 S7 S8": "killed", "S9 A2 A3": "killed-system", "A4 A5": "whole-process"},
    "F02": {"S3 S4 S8 A3 A4": "power + write-log + write-log-lazy", "S1 S2 S5 S6 S7 S9 A2 A5": "power"},
    "F03": {"S1 S2 S3": "disk-low", "S4 S5 S8 S9 A2": "refused", "S6 S7": "reserve", "A3": "sale-reserve", "A4 A5": "refused"},
    "F04": {"S1 S2 S3 S4 S5 A3": "locked", "S6 S7": "disk-plays", "S8 S9 A2 A4 A5": "disk-plays"},
    "F05": {"S1 S2 S3 S4 S5": "rebuilt-trusted", "S6 S7 S8": "flips", "S9 A2 A3": "rebuilt",
            "A4 A5": "rebuilt + damaged-started"},
    "F06": {"S1 S2": "not-sent", "S3": "no-connection", "S4 S5 S8 A2 A3 A4": "down", "S6 S7": _NO_PUMP, "S9 A5": "receipt-waits"},
    "F07": {"S1 S2": "drip", "S3": "half-open", "S4 S8 A2 A4": "slow", "S5 S6 S7 A3": _NO_PUMP, "S9 A5": "receipt-waits"},
    "F08": {"S1 S2 S3 S4 S8 A2 A4": "foreign", "S5 S6 S7 S9 A3 A5": _NO_PUMP},
    "F09": {"S1 S2": "bad-answer", "S3": "network", "S4 S8": "lost", "A4": "lost-accruals", "A2": "bad-answer", "S5 S6 S7 S9 A3 A5": _NO_PUMP},
    "F10": {"S3 S4": "late", "S8 A4": "same-bytes", "A3": "lost-accruals", "S1 S2 S5 S6 S7 S9 A2": _NO_PUMP, "A5": "printer"},
    "F11": {"S3": "tombstone", "S4": "late-consent", "S8": "after-void", "A4": "bad-answers", "S1 S2 S5 S6 S7 S9 A2 A3 A5": _NO_PUMP},
    "F12": {"S1 S2 S3": "declined", "S4": "three-wrong", "S5": "forged", "S8": "capture-refused", "A2 A4": "accrual-refused",
            "S9 A5": "receipt-waits", "S6 S7 A3": _NO_PUMP},
    "F13": {"S1 S2 S3 S4 S8 A4": "bad-answer", "S5 S6 S7 S9 A2 A3 A5": _NO_PUMP},
    "F14": {"S1 S2 S3 S4 A2": "bad-answers", "S8 A4": "bad-answers + asked-to-wait + paced", "S5 S6 S7 S9 A3 A5": _NO_PUMP},
    "F15": {"S1 S2 S3 S4 S8 A2": "bad-answers", "A4": "unavailable", "S5 S6 S7 S9 A3 A5": _NO_PUMP},
    "F16": {"S1 S2 A2": "portal", "S3": "portal + lies-before + lies-network", "S8 A4": "portal + lies-after",
            "S4": "forged + lies-before", "S5": "forged", "S6 S7 S9 A3 A5": _NO_PUMP},
    "F17": {"S3 S4 S5 S8 A4": "clock", "S2 S7 A2 A3": "clock-steps", "S9 A5": "clock-prices",
            "S1 S6": "no: durations are monotonic and nothing is dated in this step"},
    "F18": {"S2 S3 S4 S5": "pump-unheard", "S6 S7": "unplugged", "S1 S8 S9 A2 A3 A4 A5": _NO_PUMP},
    "F19": {"S2 S5 S6 S7 A3": "garbage", "S1 S3 S4 S8 S9 A2 A4 A5": _NO_PUMP},
    "F20": {"S2 S4 S6 S7 S8 A3": "stuck", "S5": "unconfirmed", "S1 S3 S9 A2 A4 A5": _NO_PUMP},
    "F21": {"S2": "unsettled", "S5 S7 S8": "ghost-gift", "S6 A3": "ghost", "S1 S3 S4 S9 A2 A4 A5": _NO_PUMP},
    "F22": {"S5": "restart-armed", "S6": "restart-fuelling", "S7": "pump-power", "S8": "restart-ended", "A3": "pump-power",
            "S1 S2 S3 S4 S9 A2 A4 A5": _NO_PUMP},
    "F23": {"S1 S2": "second", "S3 S5": "cloned", "S4 S8 A4": "fenced", "S6 S7": "at-once", "S9 A2 A3 A5": "second"},
    "F24": {"S9 A5": "printer", "S1 S2 S3 S4 S5 S6 S7 S8 A2 A3 A4": "no: nothing is printed in this step"},
    "F25": {"S1 S2 S3 S4 S5": "keys-block", "S6 S7 S8": "keys-running", "S9 A2 A3": "keys-named", "A4 A5": "keys-hang"},
    "F26": {"S1 S2 S3 S4 S5": "keys-lie", "S6 S7 S8 S9 A2 A3 A4 A5": "keys"},
    "F27": {"S4": "expired", "S1 S2 S3 S5 S6 S7 S8 S9 A2 A3 A4 A5": _ONLY_CODE},
    "F28": {"S4": "wrong", "S1 S2 S3 S5 S6 S7 S8 S9 A2 A3 A4 A5": _ONLY_CODE},
    "F29": {"S4 S3 S1": "three-wrong", "S2 S5 S6 S7 S8 S9 A2 A3 A4 A5": _ONLY_CODE},
    "F30": {"S8": "shortfall", "A4": "accrual-refused",
            "S1 S2 S3 S4 S5 S6 S7 S9 A2 A3 A5": "no: nothing waits for days but records in the queue"},
    "F31": {"S2 S3 S4 S5 S6 S7 S8 S9 A3 A4": "price-restarts", "S1 A2 A5": "no: no price is looked at in this step"},
    "F32": {"S1 S2 S3 S4 S5": "migration-fails", "S6 S7 S8 S9": "refused", "A2 A3 A4 A5": "newer"},
    "F33": {"S8 A4": "poison", "S1 S2 S3 S4 S5 S6 S7 S9 A2 A3 A5": "no: only a record in the queue is sent again by itself"},
    "F34": {"S1 S2": "old-copy + books-of-another", "S3 S4": "put-back", "S5": "double-spend",
            "S6 S7 S8 S9 A2 A3 A5": "rebuilt", "A4": "fork"},
    "F35": {"S1 S2 S3 S4": "walks", "S5": "not-come", "S6 S7 S8": "partial", "S9 A2": "cancel",
            "A3 A4 A5": "no: the sale is paid"},
    "F36": {"S7 S8": "overrun", "S9": "overrun-small",
            "S1 S2 S3 S4 S5 S6 A2 A3 A4 A5": "no: an overrun is known when the delivery has ended"},
    "F37": {"S3": "keypad-missing", "S4": "walks + keypad-lost + keypad-usb + keypad-serial + screen-lost",
            "A2": "keypad-dead + keypad-missing",
            "S1 S2 S5 S6 S7 S8 S9 A3 A4 A5": "no: nobody types in this step"},
    "F38": {"S3 S4": "central-restored",
            "S8 A4": "booked-again",
            "S1 S2 S5 S6 S7 S9 A2 A3 A5": _NO_PUMP},
}  # fmt: skip

RECOVERY: dict[tuple[str, str], str] = {
    ("HOLD_INTENT, HELD, AUTH_INTENT, AUTHORISED", "anything"): "restart-permit",
    ("ARM_INTENT or ARMED", "fuelling"): "restart-fuelling",
    ("ARM_INTENT or ARMED", "totaliser > start"): "restart-ended",
    ("ARM_INTENT or ARMED", "armed, totaliser = start"): "restart-armed",
    ("ARM_INTENT or ARMED", "idle, totaliser = start"): "died",
    ("ARM_INTENT or ARMED", "no answer"): "unplugged",
    ("STARTED", "done / idle"): "restart-ended",
    ("FINISHED", "anything"): "receipt-waits",
    ("VOIDING", "anything"): "tombstone",
    ("CAPTURED, VOIDED, SHORTFALL, NEEDS_REVIEW", "-"): "died-message",
}
"""Last durable record and what the pump says -> the test of what a restart does."""

OWED: set[tuple[str, str]] = set()
"""What nobody has shown yet."""
