<?php
// A child of a Dyad parent: reads the parent's message on its descriptor, in however many pieces, and answers there.
$expected = '我是父級進程';
$answer = '我是子進程';

$fd = getenv('DYAD_FD');
$parent = fopen('php://fd/' . ($fd === false ? '3' : $fd), 'r+');
$message = '';
while (strlen($message) < strlen($expected)) {
    $piece = fread($parent, strlen($expected) - strlen($message));
    if ($piece === false || $piece === '') {
        break;
    }
    $message .= $piece;
}
if ($message !== $expected) {
    fwrite(STDERR, "child.php: not the parent's message: $message\n");
    exit(1);
}
while ($answer !== '') {
    $written = fwrite($parent, $answer);
    if (!$written) {
        exit(1);
    }
    $answer = substr($answer, $written);
}
