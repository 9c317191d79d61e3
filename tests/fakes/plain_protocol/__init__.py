"""The smallest protocol that sells fuel: lines of text. It shows what a further protocol has to bring, and no more.

?7            how do you stand?          7 idle 0 0 0 1000 500     state, nozzle out, volume, money, totals
!7            authorise                  (nothing)
.7            stop                       (nothing)
$7 21580 ..   prices                     (nothing)
"""
