<?php
// A child of a Dyad parent: says back what it hears on its descriptor, until the parent has no more to say.
$fd = getenv('DYAD_FD');
$parent = fopen('php://fd/' . ($fd === false ? '3' : $fd), 'r+');
stream_set_timeout($parent, -1); // or PHP takes default_socket_timeout without a word for the end

while (($piece = fread($parent, 65536)) !== '' && $piece !== false) {
    while ($piece !== '') {
        $said = fwrite($parent, $piece);
        if (!$said) {
            exit(1); // PHP has said why
        }
        $piece = substr($piece, $said);
    }
}
