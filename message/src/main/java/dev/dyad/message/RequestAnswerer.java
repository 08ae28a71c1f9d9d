package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.message.Requests.Handler;
import dev.dyad.message.Requests.Request;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Answers the numbered requests of the other side, each on a virtual thread.
final class RequestAnswerer {

    private final NumberedRequests requests;
    private final Semaphore free;
    private final Handler handler;
    private final Map<Long, Answering> running = new ConcurrentHashMap<>();

    RequestAnswerer(NumberedRequests requests, int atOnce, Handler handler) {
        this.requests = requests;
        this.handler = handler;
        free = new Semaphore(atOnce);
    }

    /// One request that is being answered.
    private final class Answering implements Request, Runnable {

        private final long number;
        private final ByteBuffer body;
        private final Deadline deadline;
        private final Semaphore wanted = new Semaphore(NumberedHead.WINDOW); // parts
        private volatile boolean cancelled;
        private volatile @Nullable Thread thread;

        Answering(long number, int millis, ByteBuffer body) {
            this.number = number;
            this.body = body;
            deadline =
                    millis == 0 ? Deadline.never() : Deadline.after(Duration.ofMillis(Integer.toUnsignedLong(millis)));
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            try {
                if (!cancelled) {
                    answer();
                }
            } finally {
                running.remove(number);
                free.release();
            }
        }

        private void answer() {
            try {
                ByteBuffer answer = handler.answer(this);
                say(NumberedHead.ANSWER, answer);
            } catch (Throwable e) {
                say(NumberedHead.ERROR, UTF_8.encode(e.toString()));
            }
        }

        private void say(int kind, ByteBuffer said) {
            boolean wasInterrupted = Thread.interrupted(); // by a cancel, which is answered all the same
            try {
                requests.send(kind, number, 0, said, Deadline.never());
            } catch (IOException e) {
                // nobody is there any more
            } finally {
                if (wasInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public ByteBuffer body() {
            return body;
        }

        @Override
        public Deadline deadline() {
            return deadline;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public void part(ByteBuffer part) throws IOException {
            try {
                wanted.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException(
                        cancelled ? "the request was cancelled" : "the thread was interrupted");
            }
            if (cancelled) {
                throw new CancellationException("the request was cancelled");
            }
            requests.send(NumberedHead.PART, number, 0, part, deadline);
        }

        void cancel() {
            cancelled = true;
            Thread answering = thread;
            if (answering != null) {
                answering.interrupt();
            }
        }
    }

    /// Begins to answer a request, once there are fewer at once than may be.
    void begin(long number, int millis, ByteBuffer body) {
        free.acquireUninterruptibly();
        var answering = new Answering(number, millis, body);
        running.put(number, answering);
        LibraryThreads.startVirtual("dyad-handler", answering);
    }

    void cancel(long number) {
        Answering answering = running.get(number);
        if (answering != null) {
            answering.cancel();
        }
    }

    void grant(long number, int parts) {
        Answering answering = running.get(number);
        if (answering != null && parts > 0) {
            answering.wanted.release(Math.min(parts, NumberedHead.WINDOW));
        }
    }

    void cancelAll() {
        running.values().forEach(Answering::cancel);
    }
}
