<?php
// What PHP says; Transcript.java does the same, line by line.
set_error_handler(function ($number, $text) {
    echo "warning $text\n";
    return true;
});

function pair()
{
    socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair);
    return $pair;
}

function shown($call)
{
    try {
        var_dump($call());
    } catch (Error $e) {
        echo get_class($e), ': ', $e->getMessage(), "\n";
    }
}

function slots($pair)
{
    echo 'slots ', socket_last_error(), ' ', socket_last_error($pair[0]), ' ', socket_last_error($pair[1]), "\n";
}

for ($errno = -20; $errno <= 200; $errno++) {
    echo socket_strerror($errno), "\n";
}
foreach ([-9999, -10000, -10001, -10002, -10003, -10004, -10005, -20000, -2147483648] as $errno) {
    echo socket_strerror($errno), "\n";
}

echo "-- refused pairs\n";
foreach ([AF_UNIX, AF_INET, AF_INET6] as $domain) {
    foreach ([-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as $type) {
        foreach ([-1, 0, 1, 2, 6, 17, 41, 99, 255, 256, 262, 2147483647] as $protocol) {
            if ($domain == AF_UNIX && in_array($type, [2, 3, 5]) && in_array($protocol, [0, 1])) {
                continue; // PHP has these, and Java has not yet
            }
            $pair = null;
            shown(function () use ($domain, $type, $protocol, &$pair) {
                return socket_create_pair($domain, $type, $protocol, $pair);
            });
            echo socket_last_error(), ' ', $pair === null ? 'untouched' : 'a pair', "\n";
        }
    }
}
shown(fn () => socket_create_pair(3, 99, 0, $pair));

echo "-- read\n";
socket_clear_error();
$pair = pair();
slots($pair);
socket_write($pair[0], "hello\r\nworld\n\0x");
shown(fn () => socket_read($pair[1], 3));
shown(fn () => socket_read($pair[1], 100));
shown(fn () => socket_read($pair[1], 0));
shown(fn () => socket_read($pair[1], -1));
socket_write($pair[0], 'abc');
shown(fn () => socket_read($pair[1], 2, 0));
shown(fn () => socket_read($pair[1], 2, 99));
socket_write($pair[0], "ab\r\ncd\nxyzabcd\na\0b\n");
shown(fn () => socket_read($pair[1], 100, PHP_NORMAL_READ));
shown(fn () => socket_read($pair[1], 100, PHP_NORMAL_READ));
shown(fn () => socket_read($pair[1], 100, PHP_NORMAL_READ));
shown(fn () => socket_read($pair[1], 3, PHP_NORMAL_READ));
shown(fn () => socket_read($pair[1], 4, PHP_NORMAL_READ));
shown(fn () => socket_read($pair[1], 4, PHP_NORMAL_READ));
shown(fn () => socket_read($pair[1], 4, PHP_NORMAL_READ));
slots($pair);
socket_write($pair[0], 'answer');
socket_write($pair[1], 'never read');
socket_close($pair[0]);
shown(fn () => socket_read($pair[1], 100));
shown(fn () => socket_read($pair[1], 100));
shown(fn () => socket_read($pair[1], 100));
echo socket_last_error(), ' ', socket_last_error($pair[1]), "\n";

echo "-- write\n";
$pair = pair();
slots($pair);
shown(fn () => socket_write($pair[0], 'hello'));
shown(fn () => socket_write($pair[0], 'hello', 2));
shown(fn () => socket_write($pair[0], 'hello', 100));
shown(fn () => socket_write($pair[0], 'hello', 0));
shown(fn () => socket_write($pair[0], ''));
shown(fn () => socket_write($pair[0], '我是父級進程', strlen('我是')));
shown(fn () => socket_write($pair[0], 'hello', -1));
shown(fn () => socket_read($pair[1], 100));
socket_close($pair[1]);
shown(fn () => socket_write($pair[0], 'x'));
echo socket_last_error(), ' ', socket_last_error($pair[0]), "\n";
socket_clear_error($pair[0]);
echo socket_last_error(), ' ', socket_last_error($pair[0]), "\n";
socket_clear_error();
echo socket_last_error(), "\n";

echo "-- closed\n";
shown(fn () => socket_read($pair[1], -1));
shown(fn () => socket_write($pair[1], 'x', -1));
shown(fn () => socket_last_error($pair[1]));
try {
    socket_close($pair[1]);
} catch (Error $e) {
    echo get_class($e), ': ', $e->getMessage(), "\n";
}
try {
    socket_clear_error($pair[1]);
} catch (Error $e) {
    echo get_class($e), ': ', $e->getMessage(), "\n";
}

echo "-- fork\n";
foreach ([0, 3, 255] as $code) {
    $pair = pair();
    $pid = pcntl_fork();
    if ($pid == 0) {
        socket_close($pair[1]);
        socket_write($pair[0], 'HELLO CHILD');
        exit((int) socket_read($pair[0], 100));
    }
    socket_close($pair[0]);
    socket_write($pair[1], (string) $code);
    shown(fn () => socket_read($pair[1], 100));
    pcntl_waitpid($pid, $status);
    shown(fn () => socket_read($pair[1], 100));
    echo $status, ' ', pcntl_wexitstatus($status), "\n";
}
shown(fn () => pcntl_waitpid($pid, $status));
foreach ([0, 0x300, 9, 0x8b, 0x137f, 0xffff] as $status) {
    shown(fn () => pcntl_wifexited($status));
    shown(fn () => pcntl_wifsignaled($status));
    shown(fn () => pcntl_wifstopped($status));
    shown(fn () => pcntl_wifcontinued($status));
    shown(fn () => pcntl_wexitstatus($status));
    shown(fn () => pcntl_wtermsig($status));
    shown(fn () => pcntl_wstopsig($status));
}
