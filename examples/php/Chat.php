<?php
// A chat over one thread: what anybody says is heard by all others.
//
//   php Chat.php PATH               is where they meet
//   php Chat.php PATH NAME          listens until somebody says something
//   php Chat.php PATH NAME WORDS    says something

[, $path] = $argv;
if ($argc === 2) {
    meet($path);
} else {
    talk($path, $argv[2], $argv[3] ?? '');
}

function meet(string $path): void
{
    $listener = socket_create(AF_UNIX, SOCK_STREAM, 0);
    socket_bind($listener, $path);
    socket_listen($listener, 10);
    $clients = [];
    $names = [];
    echo "open\n";
    while (true) {
        $read = $clients + ['new' => $listener];
        $write = null;
        $except = null;
        socket_select($read, $write, $except, null);
        foreach ($read as $key => $socket) {
            if ($key === 'new') {
                $clients[] = socket_accept($listener);
                continue;
            }
            $line = socket_read($socket, 1000, PHP_BINARY_READ);
            if ($line === '' || $line === false) {
                socket_close($socket);
                unset($clients[$key]);
                echo $names[$key], " left\n";
            } elseif (!isset($names[$key])) {
                $names[$key] = rtrim($line, "\n");
                echo $names[$key], " came\n";
                socket_write($socket, "welcome\n");
            } else {
                foreach ($clients as $other => $client) {
                    if ($other !== $key) {
                        socket_write($client, "$names[$key]: $line");
                    }
                }
            }
        }
    }
}

function talk(string $path, string $name, string $words): void
{
    $socket = socket_create(AF_UNIX, SOCK_STREAM, 0);
    socket_connect($socket, $path);
    socket_write($socket, "$name\n");
    echo socket_read($socket, 1000, PHP_NORMAL_READ);
    if ($words === '') {
        echo socket_read($socket, 1000, PHP_NORMAL_READ);
    } else {
        socket_write($socket, "$words\n");
    }
    socket_close($socket);
}
