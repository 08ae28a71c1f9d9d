<?php
// A worker that is there before there is work: it answers each line with its letters turned round.
//
//   php Worker.php                  forks one, and gives it some work
//   php Worker.php COMMAND...       the same, and the worker is a program of any language, on descriptor DYAD_FD
//   php Worker.php --child          is the worker, on the descriptor that is told it

function work($parent)
{
    stream_set_timeout($parent, -1); // or a minute without work, default_socket_timeout, would be taken for the end
    while (($line = fgets($parent)) !== false) {
        fwrite($parent, strrev(rtrim($line, "\n")) . "\n");
    }
}

if (($argv[1] ?? '') === '--child') {
    work(fopen('php://fd/' . getenv('DYAD_FD'), 'r+'));
    exit(0);
}

socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair);
$pid = pcntl_fork();
if ($pid === 0) {
    socket_close($pair[0]);
    $parent = socket_export_stream($pair[1]);
    if ($argc === 1) {
        work($parent);
        exit(0);
    }
    // The descriptor is inherited, and it is known by its inode.
    $inode = fstat($parent)['ino'];
    foreach (scandir('/proc/self/fd') as $fd) {
        if (@readlink("/proc/self/fd/$fd") === "socket:[$inode]") {
            pcntl_exec($argv[1], array_slice($argv, 2), ['DYAD_FD' => $fd, 'DYAD_INODE' => $inode] + getenv());
        }
    }
    exit(127);
}

socket_close($pair[1]);
foreach (['stressed', 'drawer', 'level'] as $work) {
    socket_write($pair[0], "$work\n");
    echo socket_read($pair[0], 100, PHP_NORMAL_READ);
}
socket_shutdown($pair[0], 1);
pcntl_waitpid($pid, $status);
echo 'the worker ended with ' . pcntl_wexitstatus($status) . "\n";
