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
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Answers the numbered requests of the other side, each on a virtual thread.
///
/// Those that come while as many run as may wait here, up to a limit of memory, so that what comes behind
/// them is read: a cancel, an answer, or the end.
final class RequestAnswerer {

    private static final int MOST_KEPT = 1 << 20; // bytes of those that wait
    private static final int OVERHEAD = 256; // of each

    private final NumberedRequests requests;
    private final Semaphore free;
    private final Semaphore room = new Semaphore(MOST_KEPT);
    private final Handler handler;
    private final Map<Long, Answering> underWay = new ConcurrentHashMap<>(); // those that run or wait
    private final Queue<Answering> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

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
        private volatile @Nullable Thread thread; // until it says how it ended

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
                if (cancelled) {
                    say(NumberedHead.ERROR, UTF_8.encode("the request was cancelled"));
                } else {
                    answer();
                }
            } finally {
                free.release();
                startWaiting();
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

        /// Says how it ended, after which its number may be used again.
        private void say(int kind, ByteBuffer said) {
            underWay.remove(number, this);
            synchronized (this) {
                thread = null; // no cancel interrupts it any more
            }
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

        /// Returns how much of the room it takes while it waits.
        int size() {
            return Math.min(body.remaining() + OVERHEAD, MOST_KEPT);
        }

        synchronized void cancel() {
            cancelled = true;
            Thread answering = thread;
            if (answering != null) {
                answering.interrupt();
            }
        }
    }

    /// Begins to answer a request, or lets it wait until fewer run than may.
    ///
    /// @return false if one of that number has not ended
    boolean begin(long number, int millis, ByteBuffer body) {
        var answering = new Answering(number, millis, body);
        if (underWay.putIfAbsent(number, answering) != null) {
            return false;
        }
        if (ended) { // or the thread that ends all that are under way finds it
            answering.cancel();
        }
        if (waiting.isEmpty() && free.tryAcquire()) {
            start(answering);
        } else {
            room.acquireUninterruptibly(answering.size());
            waiting.add(answering);
            startWaiting(); // or those that ran may all have ended meanwhile
        }
        return true;
    }

    private void startWaiting() {
        while (!waiting.isEmpty() && free.tryAcquire()) {
            Answering first = waiting.poll();
            if (first == null) {
                free.release(); // and look again: one that came meanwhile may have found none free
            } else {
                room.release(first.size());
                start(first);
            }
        }
    }

    private static void start(Answering answering) {
        LibraryThreads.startVirtual("dyad-handler", answering);
    }

    void cancel(long number) {
        Answering answering = underWay.get(number);
        if (answering != null) {
            answering.cancel();
        }
    }

    void grant(long number, int parts) {
        Answering answering = underWay.get(number);
        if (answering != null && parts > 0) {
            answering.wanted.release(Math.min(parts, NumberedHead.WINDOW));
        }
    }

    /// Cancels all that are under way, and those that are still to come, as the channel has ended.
    void cancelAll() {
        ended = true;
        underWay.values().forEach(Answering::cancel);
    }
}
