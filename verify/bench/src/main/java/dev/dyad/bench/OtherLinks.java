package dev.dyad.bench;

import java.util.List;

/// How Python, PHP and Node talk to a child of their own: programs that print what [PeerProcesses] prints.
final class OtherLinks {

    static final String PYTHON = "Python's Pipe";
    static final String PHP = "PHP's socket_create_pair";
    static final String NODE = "Node's process.send";

    private static final String IN_PYTHON = """
            import os, sys, time
            from multiprocessing.connection import Pipe
            seconds = float(sys.argv[1])
            def child(work):
                ours, theirs = Pipe()
                if os.fork() == 0:
                    ours.close()
                    try:
                        while True:
                            work(theirs)
                    except EOFError:
                        os._exit(0)
                theirs.close()
                return ours
            def asked():
                link = child(lambda parent: parent.send_bytes(parent.recv_bytes()))
                message = b'x' * 64
                taken = []
                end = time.perf_counter() + seconds
                while not taken or time.perf_counter() < end:
                    begun = time.perf_counter()
                    link.send_bytes(message)
                    link.recv_bytes()
                    taken.append(time.perf_counter() - begun)
                link.close()
                os.wait()
                return sorted(taken)
            def given():
                link = child(lambda parent: parent.recv_bytes())
                chunk = b'x' * 65536
                chunks = 0
                begun = time.perf_counter()
                while chunks == 0 or time.perf_counter() - begun < seconds:
                    link.send_bytes(chunk)
                    chunks += 1
                rate = chunks * len(chunk) / (time.perf_counter() - begun) / 1e9
                link.close()
                os.wait()
                return rate
            taken = asked()
            for percentile in ('50', '90', '99', '99.9'):
                print(f'ask-p{percentile}={taken[int(len(taken) * float(percentile) / 100)] * 1e6}')
            print(f'rate={given()}')
            """;

    private static final String IN_NODE = """
            const { spawn } = require('child_process');
            const seconds = Number(process.argv[1]);
            const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
            const child = (code) => spawn(process.execPath, ['-e', code], { stdio });
            const asked = () => new Promise((resolve) => {
                const link = child("process.on('message', (message) => process.send(message));");
                const message = 'x'.repeat(64);
                const taken = [];
                let begun = 0;
                let end = 0;
                link.on('message', () => {
                    const now = performance.now();
                    if (begun) taken.push(now - begun);
                    else end = now + 1e3 * seconds;
                    if (now < end || taken.length == 0) {
                        begun = performance.now();
                        link.send(message);
                    } else {
                        link.disconnect();
                        resolve(taken.sort((a, b) => a - b));
                    }
                });
                link.send(message);
            });
            const given = () => new Promise((resolve) => {
                const link = child("process.on('message', () => {}); process.send('ready');");
                const chunk = 'x'.repeat(65536);
                let bytes = 0;
                let begun = 0;
                const give = () => link.send(chunk, () => {
                    bytes += chunk.length;
                    const passed = performance.now() - begun;
                    if (passed < 1e3 * seconds) return give();
                    link.disconnect();
                    resolve(bytes / passed / 1e6);
                });
                link.on('message', () => { begun = performance.now(); give(); });
            });
            (async () => {
                const taken = await asked();
                for (const percentile of [50, 90, 99, 99.9]) {
                    const at = Math.floor(taken.length * percentile / 100);
                    console.log(`ask-p${percentile}=${taken[at] * 1e3}`);
                }
                console.log(`rate=${await given()}`);
            })();
            """;

    private static final String IN_PHP = """
            if (!function_exists('pcntl_fork') || !function_exists('socket_create_pair')) {
                echo "PHP has no pcntl or no sockets here\\n";
                exit(69);
            }
            function child(int $size, bool $echoes): Socket
            {
                socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $ends);
                if (pcntl_fork() == 0) {
                    socket_close($ends[0]);
                    while (($bytes = socket_read($ends[1], $size)) != '') {
                        if ($echoes) socket_write($ends[1], $bytes);
                    }
                    exit(0);
                }
                socket_close($ends[1]);
                return $ends[0];
            }
            $seconds = (float) $argv[1];
            $link = child(64, true);
            $message = str_repeat('x', 64);
            $taken = [];
            $end = hrtime(true) + $seconds * 1e9;
            do {
                $begun = hrtime(true);
                socket_write($link, $message);
                socket_read($link, 64);
                $taken[] = hrtime(true) - $begun;
            } while (hrtime(true) < $end);
            socket_close($link);
            sort($taken);
            foreach (['50', '90', '99', '99.9'] as $percentile) {
                echo "ask-p$percentile=", $taken[intdiv(count($taken) * (int) (10 * $percentile), 1000)] / 1e3, "\\n";
            }
            $link = child(65536, false);
            $chunk = str_repeat('x', 65536);
            $bytes = 0;
            $begun = hrtime(true);
            do {
                $bytes += socket_write($link, $chunk);
                $passed = (hrtime(true) - $begun) / 1e9;
            } while ($passed < $seconds);
            socket_close($link);
            while (pcntl_wait($status) > 0);
            echo 'rate=', $bytes / $passed / 1e9, "\\n";
            """;

    private OtherLinks() {}

    static List<String> python(String seconds) {
        return List.of("python3", "-c", IN_PYTHON, seconds);
    }

    static List<String> php(String seconds) {
        return List.of("php", "-r", IN_PHP, seconds);
    }

    static List<String> node(String seconds) {
        return List.of("node", "-e", IN_NODE, seconds);
    }
}
