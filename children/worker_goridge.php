<?php
// Answers goridge's frames on the descriptor that RR_RELAY names, as RoadRunner's workers do, and prints what it likes.
preg_match('#^pipes://fd/(\d+):fd/(\d+)$#', getenv('RR_RELAY') ?: 'pipes://fd/3:fd/3', $fds);
$in = fopen("php://fd/$fds[1]", 'r+');
stream_set_timeout($in, -1); // or PHP takes default_socket_timeout without a request for the end
$out = $fds[1] === $fds[2] ? $in : fopen("php://fd/$fds[2]", 'w');

function frame(int $flags, string $body, int $stream = 0, ?int $context = null): string
{
    $words = $context === null ? 3 : 4;
    $head = chr(0x10 | $words) . chr($flags) . pack('V', strlen($body));

    return $head . pack('V', crc32($head)) . chr($stream) . "\0" . ($context === null ? '' : pack('V', $context)) . $body;
}

while (($head = stream_get_contents($in, 12)) !== '') {
    if (strlen($head) < 12) {
        exit(1); // the end came within a frame
    }
    $length = unpack('V', $head, 2)[1];
    if (unpack('V', $head, 6)[1] !== crc32(substr($head, 0, 6))) {
        exit(2); // not a frame
    }
    $options = (ord($head[0]) & 0x0f) - 3;
    $context = $options > 0 ? unpack('V', stream_get_contents($in, 4 * $options))[1] : 0;
    $payload = $length > 0 ? stream_get_contents($in, $length) : '';
    if (ord($head[1]) & 0x01) { // about the worker, not a request
        $what = json_decode($payload, true);
        if (isset($what['stop'])) {
            exit(0);
        }
        fwrite($out, frame(0x01 | 0x08, json_encode(['pid' => getmypid()])));
        continue;
    }
    if (ord($head[10]) & 0x0e) { // a stop of parts that have all been sent, a ping or a pong
        continue;
    }
    $request = substr($payload, $context);
    echo "asked for $request\n";
    match (true) {
        $request === 'fail' => fwrite($out, frame(0x40, 'it failed')),
        $request === 'replace' => fwrite($out, frame(0x04, '{"stop":true}', 0, 13)),
        $request === 'die' => exit(7),
        $request === 'hang' => sleep(1000),
        str_starts_with($request, 'count ') => array_map(
            fn ($i) => fwrite($out, frame(0x04, $i, 0x01)),
            array_map(strval(...), range(1, (int) substr($request, 6))),
        ) && fwrite($out, frame(0x04, '')),
        default => fwrite($out, frame(0x04, substr($payload, 0, $context) . strtoupper($request), 0, $context)),
    };
}
