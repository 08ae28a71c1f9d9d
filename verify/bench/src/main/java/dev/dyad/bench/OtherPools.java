package dev.dyad.bench;

import java.util.List;

/// Pools of two workers that people use elsewhere, which turn 64 bytes into upper case as ours do: programs that print
/// how many thousand requests a second are answered.
final class OtherPools {

    /// As many requests are in flight as give the most.
    private static final String PYTHON = """
            import sys, time
            from collections import deque
            from concurrent.futures import ProcessPoolExecutor
            message = b'x' * 64
            def answered(pool, seconds):
                asked = deque(pool.submit(bytes.upper, message) for _ in range(64))
                begun = time.perf_counter()
                answered = 0
                while time.perf_counter() - begun < seconds:
                    asked.popleft().result()
                    asked.append(pool.submit(bytes.upper, message))
                    answered += 1
                rate = answered / (time.perf_counter() - begun) / 1e3
                for each in asked:
                    each.result()
                return rate
            with ProcessPoolExecutor(2) as pool:
                answered(pool, float(sys.argv[1]))
                print(answered(pool, float(sys.argv[1])))
            """;

    /// Node has no pool of processes of its own: children of `fork`, and a list of those that are free.
    private static final String NODE = """
            const { fork } = require('child_process');
            const echo = "process.on('message', (text) => process.send(text.toUpperCase()));";
            const free = [];
            const waiting = [];
            const children = [1, 2].map(() => fork('worker', { execArgv: ['-e', echo] }));
            for (const child of children) {
                free.push(child);
                child.on('message', (answer) => {
                    const resolve = child.resolve;
                    const next = waiting.shift();
                    if (next) give(child, next);
                    else free.push(child);
                    resolve(answer);
                });
            }
            function give(child, { text, resolve }) {
                child.resolve = resolve;
                child.send(text);
            }
            function call(text) {
                return new Promise((resolve) => {
                    const child = free.pop();
                    if (child) give(child, { text, resolve });
                    else waiting.push({ text, resolve });
                });
            }
            const message = 'x'.repeat(64);
            async function rate(seconds) {
                const begun = performance.now();
                let answered = 0;
                await Promise.all(Array.from({ length: 64 }, async () => {
                    while (performance.now() - begun < seconds * 1e3) {
                        await call(message);
                        answered++;
                    }
                }));
                return answered / (performance.now() - begun);
            }
            (async () => {
                const seconds = Number(process.argv[1]);
                await rate(seconds);
                console.log(await rate(seconds));
                for (const child of children) child.disconnect();
            })();
            """;

    private OtherPools() {}

    static Contender python(Pace pace) {
        return figureOf(List.of("python3", "-c", PYTHON, pace.seconds()));
    }

    static Contender node(Pace pace) {
        return figureOf(List.of("node", "-e", NODE, pace.seconds()));
    }

    private static Contender figureOf(List<String> command) {
        return Programs.figure(command);
    }
}
