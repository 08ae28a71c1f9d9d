<?php
/*
 * What PhpFace does, in PHP itself: the other half of its ratios.
 *
 *   face.php pair SECONDS          a write and a read of 64 bytes
 *   face.php select SECONDS PAIRS  a select over so many pairs, one of which is ready
 *
 * prints nanoseconds: the 5th percentile of batches.
 */

const BATCH = 100;

function open_pair(): array
{
    socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair) or exit(1);
    return $pair;
}

function write_read(array $pair, string $message): void
{
    socket_write($pair[0], $message);
    socket_read($pair[1], 64);
}

function select(array $ends): void
{
    $none = null;
    socket_select($ends, $none, $none, null) === 1 or exit(1);
}

function nanos(callable $round, float $seconds): float
{
    $end = hrtime(true) + $seconds * 1e9;
    $nanos = [];
    do {
        $start = hrtime(true);
        for ($i = 0; $i < BATCH; $i++) {
            $round();
        }
        $nanos[] = (hrtime(true) - $start) / BATCH;
    } while (hrtime(true) < $end);
    sort($nanos);
    return $nanos[intdiv(count($nanos) * 5, 100)];
}

$seconds = (float) $argv[2];
$pair = open_pair();
if ($argv[1] === 'pair') {
    $message = str_repeat('x', 64);
    $round = fn () => write_read($pair, $message);
} else {
    $pairs = [$pair];
    while (count($pairs) < (int) $argv[3]) {
        $pairs[] = open_pair();
    }
    $ends = array_column($pairs, 1);
    socket_write($pair[0], 'x');
    $round = fn () => select($ends);
}
nanos($round, $seconds / 10);
printf("%.3f\n", nanos($round, $seconds));
