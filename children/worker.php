<?php
// A worker of a Dyad parent: answers each message with its text in upper case, until the parent has no more to ask.
// A message is its length in four bytes, big-endian, and so many bytes.
$fd = getenv('DYAD_FD');
$parent = fopen('php://fd/' . ($fd === false ? '3' : $fd), 'r+');
stream_set_timeout($parent, -1); // or PHP takes default_socket_timeout without a request for the end

while (($head = stream_get_contents($parent, 4)) !== '') {
    $length = strlen($head) === 4 ? unpack('N', $head)[1] : -1;
    $request = $length < 0x80000000 ? stream_get_contents($parent, max($length, 0)) : '';
    if (strlen($request) !== $length) {
        fwrite(STDERR, "worker.php: a message is cut, or has 2 GiB or more\n");
        exit(1);
    }
    $answer = strtoupper($request);
    fwrite($parent, pack('N', strlen($answer)) . $answer) || exit(1); // PHP has said why
}
