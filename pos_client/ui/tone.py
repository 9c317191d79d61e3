"""What a colour and a shape mean. View models speak these words; the theme and the painters give them a look.

Colour is urgency, never decoration, and never alone: each state also has its word and its shape, so that a screen in
the sun, or eyes that do not tell red from green, read the same.
"""

from __future__ import annotations

from enum import StrEnum


class Tone(StrEnum):
    """Urgency. Grey: nothing to do. Blue: in progress. Orange: a customer waits for us. Amber: not certain.
    Red: broken or dangerous. Green: confirmed."""

    NEUTRAL = "neutral"
    PROGRESS = "progress"
    ATTENTION = "attention"
    UNKNOWN = "unknown"
    DANGER = "danger"
    DONE = "done"


class Shape(StrEnum):
    """The small sign beside a word."""

    RING = "ring"
    """nothing to do"""
    BELL = "bell"
    """somebody calls"""
    ARROW = "arrow"
    """running"""
    KEYHOLE = "keyhole"
    """permitted, not started"""
    PAUSE = "pause"
    COIN = "coin"
    """to be paid"""
    CROSS = "cross"
    """lost"""
    BAR = "bar"
    """closed"""
    BANG = "bang"
    """broken"""
    TICK = "tick"
    """confirmed"""
    QUESTION = "question"
    """outcome unknown"""
    GIFT = "gift"
    """points turn into fuel here"""
    LOOP = "loop"
    """litres that go back into the tank"""
    LOCK = "lock"
    """somebody else has it"""
    DOTS = "dots"
    """wait"""
