package dev.dyad.message.json;

import dev.dyad.message.json.JsonRpc.NotificationHandler;
import dev.dyad.socket.thread.LibraryThreads;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Gives the notifications of the peer to their handlers: those of a method one after the other, as they
/// came, and those of different methods independently of each other.
final class ToldNotifications {

    /// How many of a method wait for its handler, and how many bytes they had.
    static final int MOST_WAITING = 10_000;

    static final long MOST_BYTES = 16L << 20;

    private final Map<String, Waiting> handled = new ConcurrentHashMap<>();

    void handle(String method, NotificationHandler handler) {
        if (handled.putIfAbsent(method, new Waiting(handler)) != null) {
            throw new IllegalStateException("there is a handler of " + method + " already");
        }
    }

    /// Gives one to its handler, if it has one.
    ///
    /// @param length how many bytes it had
    /// @return false if its handler has fallen too far behind
    boolean give(JsonRpcMessage.Tells told, long length) {
        Waiting waiting = handled.get(told.method());
        return waiting == null || waiting.add(told.params(), length);
    }

    private record One(JsonNode params, long length) {}

    private static final class Waiting implements Runnable {

        private final NotificationHandler handler;

        // -- guarded by this
        private final Queue<One> waiting = new ArrayDeque<>();
        private long bytes;
        private boolean runs; // a thread that takes them

        Waiting(NotificationHandler handler) {
            this.handler = handler;
        }

        synchronized boolean add(JsonNode params, long length) {
            if (waiting.size() >= MOST_WAITING || (!waiting.isEmpty() && bytes + length > MOST_BYTES)) {
                return false;
            }
            waiting.add(new One(params, length));
            bytes += length;
            if (!runs) {
                LibraryThreads.startVirtual("dyad-handler", this);
                runs = true;
            }
            return true;
        }

        private synchronized @Nullable One next() {
            One next = waiting.poll();
            if (next == null) {
                runs = false;
            } else {
                bytes -= next.length();
            }
            return next;
        }

        @Override
        public void run() {
            for (One one = next(); one != null; one = next()) {
                try {
                    handler.take(one.params());
                } catch (Throwable e) {
                    report(e);
                }
            }
        }

        /// Nobody waits for a notification: what its handler throws goes where a thread's own would.
        private static void report(Throwable e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
