package dev.dyad.bench;

import java.util.List;

/// How Python and Node talk to a child of their own: programs that print what [PeerProcesses] prints.
final class OtherLinks {

    static final String PYTHON = "Python's Pipe";
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
                while time.perf_counter() < end:
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
                while time.perf_counter() - begun < seconds:
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

    private OtherLinks() {}

    static List<String> python(String seconds) {
        return List.of("python3", "-c", IN_PYTHON, seconds);
    }

    static List<String> node(String seconds) {
        return List.of("node", "-e", IN_NODE, seconds);
    }
}
