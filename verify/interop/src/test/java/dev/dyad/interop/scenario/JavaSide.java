package dev.dyad.interop.scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Java, in this JVM: each scenario on a thread of its own, which is interrupted when it hangs.
final class JavaSide extends Side {

    JavaSide(Path folder, Duration limit) throws IOException {
        super(folder, limit);
    }

    @Override
    String transcript(List<String> steps) throws Exception {
        var transcript = new FutureTask<>(() -> new Interpreter(folder()).run(steps));
        Thread thread = Thread.ofPlatform().name("scenario").start(transcript);
        try {
            return transcript.get(limitMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            do { // what is interrupted may go on with its next step
                thread.interrupt();
            } while (!thread.join(Duration.ofMillis(100)));
            return HANGS;
        }
    }

    @Override
    public void close() {
        // every scenario has closed what it opened
    }
}
