package dev.dyad.message;

import dev.dyad.message.Requests.Handler;
import dev.dyad.message.Requests.Request;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/// Answers the requests of the other side one after the other, each message by the next one.
final class AnswersInTurn {

    private final MessageChannel channel;
    private final AtomicBoolean isStarted = new AtomicBoolean();

    AnswersInTurn(MessageChannel channel) {
        this.channel = channel;
    }

    /// Starts to answer, on a virtual thread.
    ///
    /// @throws IllegalStateException if there is a handler already
    void start(int atOnce, Handler handler) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least one request at once, not " + atOnce);
        }
        if (isStarted.getAndSet(true)) {
            throw new IllegalStateException("there is a handler already");
        }
        try {
            LibraryThreads.startVirtual("dyad-handler", () -> answerAll(handler));
        } catch (OutOfMemoryError noThread) {
            isStarted.set(false); // it may be tried again
            throw noThread;
        }
    }

    private void answerAll(Handler handler) {
        try {
            while (answerOne(handler)) {
                // as many as there are
            }
        } catch (IOException e) {
            if (!(e instanceof ChannelClosedException)) {
                channel.end("the handler has failed: " + e);
            }
        } catch (Throwable e) {
            channel.end("the handler has failed: " + e);
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }

    /// Answers a request.
    ///
    /// @return false at the end
    private boolean answerOne(Handler handler) throws Exception {
        try (Message message = channel.receive()) {
            if (message == null) {
                return false;
            }
            channel.send(handler.answer(new RequestInTurn(message.bytes())));
            return true;
        }
    }

    private record RequestInTurn(ByteBuffer body) implements Request {

        @Override
        public Deadline deadline() {
            return Deadline.never();
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void part(ByteBuffer part) {
            throw haveNoParts();
        }
    }

    static UnsupportedOperationException haveNoParts() {
        return new UnsupportedOperationException("requests in turn have one answer: parts are numbered requests'");
    }
}
