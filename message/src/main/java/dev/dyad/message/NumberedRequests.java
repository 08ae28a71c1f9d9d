package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.gone.PeerGoneException;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Many requests at once in both directions, each by its number.
///
/// A thread of its own receives, and gives each answer to the one that waits for it.
final class NumberedRequests extends Requests {

    private static final int MOST_REFUSALS = 1 << 12; // that wait until the other side reads
    private static final int MOST_LEFT = 1 << 30; // milliseconds that are told: 12 days
    private static final long LONGEST_DRAIN = TimeUnit.MILLISECONDS.toNanos(10); // between two looks

    private final MessageChannel channel;
    private final Map<Long, PendingRequest> pending = new ConcurrentHashMap<>();
    private final Set<PendingRequest> untold = ConcurrentHashMap.newKeySet(); // submitted, whose futures are not done
    private final GivenUpRequests givenUp = new GivenUpRequests();
    private final SentLater later;
    private final AtomicLong last = new AtomicLong();
    private volatile boolean receives; // a thread does
    private volatile boolean drained;
    private volatile @Nullable Closed ended; // once nothing is received any more
    private volatile @Nullable RequestAnswerer answerer;

    NumberedRequests(MessageChannel channel) {
        this.channel = channel;
        later = new SentLater(channel);
    }

    @Override
    public ByteBuffer call(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        PendingRequest asked = PendingRequest.called(last.incrementAndGet());
        ask(asked, request, deadline);
        try {
            return asked.await(deadline);
        } finally {
            giveUp(asked);
        }
    }

    @Override
    public CompletableFuture<ByteBuffer> submit(ByteBuffer request, Deadline deadline) {
        PendingRequest asked = PendingRequest.submitted(last.incrementAndGet());
        CompletableFuture<ByteBuffer> answer = asked.future();
        untold.add(asked);
        var _ = answer.whenComplete((_, _) -> {
            untold.remove(asked);
            giveUp(asked);
        });
        try {
            boolean isSent = ask(asked, deadline, () -> trySend(asked.number(), request, deadline));
            if (isSent) {
                asked.expireAt(deadline);
            } else {
                sendLater(asked, request, deadline);
            }
        } catch (RequestFailedException e) {
            answer.completeExceptionally(e);
        } catch (VirtualMachineError e) { // where it was not sent, as there is no thread to send it on
            answer.completeExceptionally(RequestFailedException.here(asked.isSent(), e));
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e); // which nobody has got yet, so that nothing is left of the request
            throw e;
        }
        return answer;
    }

    /// Sends a request if there is room for it.
    private boolean trySend(long number, ByteBuffer request, Deadline deadline) throws IOException {
        if (request.remaining() > FrameWriter.MOST_KEPT - NumberedHead.SIZE) {
            return false;
        }
        if (!channel.trySend(message(NumberedHead.REQUEST, number, millis(deadline), request.duplicate()))) {
            return false;
        }
        request.position(request.limit());
        return true;
    }

    /// Has a request sent by a thread of its own, as its asker does not wait.
    private void sendLater(PendingRequest asked, ByteBuffer request, Deadline deadline) throws RequestFailedException {
        ByteBuffer copy = copy(request);
        Thread sending = LibraryThreads.startVirtual("dyad-request", () -> {
            asked.sentBy(Thread.currentThread());
            try {
                boolean _ = ask(asked, deadline, () -> {
                    send(NumberedHead.REQUEST, asked.number(), millis(deadline), copy, deadline);
                    return true;
                });
                asked.expireAt(deadline);
            } catch (RequestFailedException e) {
                asked.fail(e);
            } catch (VirtualMachineError e) {
                asked.fail(RequestFailedException.here(asked.isSent(), e));
            } catch (RuntimeException | Error e) {
                asked.fail(new RequestFailedException(Why.REFUSED, false, String.valueOf(e.getMessage()), e));
            }
        });
        var _ = asked.future().whenComplete((_, _) -> sending.interrupt());
    }

    @Override
    public Parts stream(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        PendingRequest asked = PendingRequest.inParts(last.incrementAndGet());
        ask(asked, request, deadline);
        return new ReceivedParts(asked, deadline, this);
    }

    private void ask(PendingRequest asked, ByteBuffer request, Deadline deadline) throws RequestFailedException {
        boolean _ = ask(asked, deadline, () -> {
            send(NumberedHead.REQUEST, asked.number(), millis(deadline), request, deadline);
            return true;
        });
    }

    /// Sends a request, or some of it.
    @FunctionalInterface
    private interface Sending {

        /// Returns whether it was sent.
        boolean send() throws IOException;
    }

    private boolean ask(PendingRequest asked, Deadline deadline, Sending sending) throws RequestFailedException {
        if (drained && !pending.containsKey(asked.number())) { // a drain waits for those
            throw new RequestFailedException(Why.REFUSED, false, "no more requests are taken", null);
        }
        if (deadline.hasPassed()) { // what is sent may run
            throw new RequestFailedException(Why.EXPIRED_WAITING, false, "the deadline has passed", null);
        }
        pending.put(asked.number(), asked);
        boolean done = false;
        boolean sent = false;
        try {
            receiveAll();
            channel.requireNotGone();
            if (!asked.beginSending()) {
                throw new RequestFailedException(Why.CANCELLED, false, "it was given up before it was sent", null);
            }
            requireNotEnded(asked, false);
            sent = sending.send();
            done = true;
        } catch (InterruptedIOException e) { // by a deadline, too
            requireNotEnded(asked, e.bytesTransferred > 0);
            if (e.bytesTransferred > 0) { // the rest follows
                drop(asked);
            }
            throw notSent(e);
        } catch (ChannelClosedException e) {
            throw new RequestFailedException(e.closed(), e.hasBegun());
        } catch (PeerGoneException e) {
            throw new RequestFailedException(Why.CHANNEL_ENDED, false, String.valueOf(e.getMessage()), e);
        } catch (RequestFailedException e) {
            throw e;
        } catch (IOException e) {
            throw new RequestFailedException(Why.REFUSED, false, String.valueOf(e.getMessage()), e);
        } catch (VirtualMachineError e) { // either nothing was written, or that has ended the channel
            throw RequestFailedException.here(channel.closed().isPresent(), e);
        } finally {
            boolean isGivenUp = asked.endSending(sent);
            if (!done) {
                pending.remove(asked.number());
            } else if (isGivenUp) {
                forget(asked);
            }
        }
        requireNotEnded(asked, sent);
        return sent;
    }

    /// Requires that it is not left to this thread to fail a request, as the channel ended while this has sent it.
    private void requireNotEnded(PendingRequest asked, boolean sent) throws RequestFailedException {
        Closed event = ended;
        if (event != null && pending.remove(asked.number()) != null) {
            throw new RequestFailedException(event, sent);
        }
    }

    private static RequestFailedException notSent(InterruptedIOException e) {
        boolean begun = e.bytesTransferred > 0;
        return e instanceof SocketTimeoutException
                ? new RequestFailedException(
                        begun ? Why.EXPIRED_RUNNING : Why.EXPIRED_WAITING, begun, "the deadline has passed", e)
                : new RequestFailedException(Why.CANCELLED, begun, "the thread was interrupted", e);
    }

    private static int millis(Deadline deadline) {
        return deadline.isLimited()
                ? Math.clamp(TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()), 1, MOST_LEFT)
                : 0;
    }

    /// Sends a message of the exchange.
    void send(int kind, long number, int millis, ByteBuffer body, Deadline deadline) throws IOException {
        channel.send(message(kind, number, millis, body), deadline);
    }

    private static ByteBuffer message(int kind, long number, int millis, ByteBuffer body) {
        ByteBuffer message = ByteBuffer.allocate(NumberedHead.SIZE + body.remaining());
        NumberedHead.put(message, kind, millis, number);
        return message.put(body).flip();
    }

    /// Tells the other side something about a request, if it still listens.
    ///
    /// @return how much waits to be told
    int tell(int kind, long number, ByteBuffer body) {
        try {
            return later.send(message(kind, number, 0, body));
        } catch (VirtualMachineError e) {
            channel.end("the other side cannot be told: " + e);
            return 0;
        }
    }

    /// Ends a request that has not ended: its answer is dropped, and the other side is told.
    void giveUp(PendingRequest asked) {
        if (asked.giveUp()) {
            forget(asked);
        }
    }

    private void forget(PendingRequest asked) {
        if (asked.isSent()) {
            drop(asked);
        } else { // or it was cancelled as it failed
            pending.remove(asked.number());
        }
    }

    /// Drops the answer to a request that the other side has, or will have whole, and tells it so.
    private void drop(PendingRequest asked) {
        if (!asked.beginDrop()) {
            return; // a thread that waited for it and the one that receives may both give it up
        }
        givenUp.add(asked.number()); // before: its answer may come at any moment
        if (pending.remove(asked.number()) == null) {
            givenUp.remove(asked.number()); // it has come
        } else {
            int _ = tell(NumberedHead.CANCEL, asked.number(), ByteBuffer.allocate(0));
        }
    }

    private void receiveAll() {
        if (receives) {
            return;
        }
        synchronized (pending) { // a thread that comes meanwhile tries again where there is no thread
            if (!receives) {
                LibraryThreads.startVirtual("dyad-requests", this::receive);
                receives = true;
            }
        }
    }

    private void receive() {
        try {
            while (takeOne()) {
                // as many as come
            }
        } catch (IOException e) {
            // the event says it all
        } catch (Throwable e) {
            channel.end("requests cannot be received: " + e);
        }
        failAll(channel.closed().orElseGet(() -> new Closed.Here("requests cannot be received")));
        RequestAnswerer answering = answerer;
        if (answering != null) {
            answering.cancelAll();
        }
    }

    /// Fails all that are pending. One that is just being sent is left to the thread that does, which knows whether
    /// a byte of it was written.
    private void failAll(Closed event) {
        ended = event; // before the look at each, as that thread looks at this afterwards
        for (PendingRequest asked : List.copyOf(pending.values())) {
            if (!asked.stopSending() && pending.remove(asked.number()) != null) {
                asked.fail(new RequestFailedException(event, asked.isSent()));
            }
        }
    }

    /// Fails what is under way once nothing more will be received, though the thread that receives may still wait for a
    /// handler.
    private void closed(Closed event) {
        if (Ending.isOver(event)) {
            failAll(event);
        }
    }

    /// Receives a message, and gives it to the one that it is for.
    ///
    /// @return false at the end
    private boolean takeOne() throws IOException {
        try (Message message = channel.receive()) {
            if (message != null) {
                take(message);
            }
            return message != null;
        }
    }

    private void take(Message message) throws IOException {
        if (message.length() < NumberedHead.SIZE) {
            throw channel.misbehaved("a message without the head of sixteen bytes", message);
        }
        ByteBuffer bytes = message.bytes();
        int kind = NumberedHead.kind(bytes);
        long number = NumberedHead.number(bytes);
        ByteBuffer body = bytes.slice(NumberedHead.SIZE, bytes.remaining() - NumberedHead.SIZE);
        RequestAnswerer answering = answerer;
        switch (kind) {
            case NumberedHead.ANSWER, NumberedHead.ERROR, NumberedHead.PART -> {
                if (number < 1 || number > last.get()) {
                    throw channel.misbehaved("an answer to no request, number " + number, message);
                }
                answered(kind, number, body, message);
            }
            case NumberedHead.REQUEST -> {
                if (answering == null) {
                    refuse(number, message);
                } else if (!answering.begin(number, NumberedHead.millis(bytes), body)) {
                    throw channel.misbehaved("a second request of number " + number, message);
                }
            }
            case NumberedHead.CANCEL -> {
                if (answering != null) {
                    answering.cancel(number);
                }
            }
            case NumberedHead.MORE -> {
                if (answering != null && body.remaining() == Integer.BYTES) {
                    answering.grant(number, body.getInt(0));
                }
            }
            default -> throw channel.misbehaved("a message of kind " + kind, message);
        }
    }

    /// Refuses a request and says why. Our own request fails with this text where the other side echoes what it
    /// reads.
    private void refuse(long number, Message message) throws IOException {
        var why =
                "no handler answers requests here (if this came back for a request of yours, the other side echoes it: use"
                        + " Exchange.IN_TURN)";
        if (tell(NumberedHead.ERROR, number, UTF_8.encode(why)) > MOST_REFUSALS) {
            throw channel.misbehaved("more requests than refusals are read", message);
        }
    }

    private void answered(int kind, long number, ByteBuffer body, Message message) throws IOException {
        PendingRequest asked = kind == NumberedHead.PART ? pending.get(number) : pending.remove(number);
        if (asked == null) {
            boolean isLate = kind == NumberedHead.PART ? givenUp.has(number) : givenUp.remove(number);
            if (!isLate) {
                throw channel.misbehaved("a second answer to request " + number, message);
            }
            return;
        }
        switch (kind) {
            case NumberedHead.ANSWER -> asked.answer(body);
            case NumberedHead.ERROR ->
                asked.fail(new RequestFailedException(
                        Why.ANSWERED_ERROR, true, UTF_8.decode(body).toString(), null));
            default -> {
                if (!asked.takesParts()) {
                    drop(asked);
                    asked.fail(RequestFailedException.answeredInParts());
                } else if (!asked.part(body)) {
                    throw channel.misbehaved("more parts than were asked for", message);
                }
            }
        }
    }

    @Override
    public Requests handler(int atOnce, Handler handler) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least one request at once, not " + atOnce);
        }
        var answering = new RequestAnswerer(this, atOnce, handler);
        synchronized (this) {
            if (answerer != null) {
                throw new IllegalStateException("there is a handler already");
            }
            answerer = answering;
        }
        try {
            receiveAll();
        } catch (OutOfMemoryError noThread) {
            synchronized (this) {
                answerer = null; // it may be tried again
            }
            throw noThread;
        }
        var _ = channel.onClosed()
                .thenAccept(
                        event -> { // also where nothing is read, as there is no room
                            answering.cancelAll();
                            closed(event);
                        });
        return this;
    }

    @Override
    public int abandoned() {
        return givenUp.size();
    }

    @Override
    public int underWay() {
        return pending.size();
    }

    @Override
    public void drain(Deadline deadline) throws IOException {
        drained = true;
        try {
            while (!pending.isEmpty()) {
                for (PendingRequest asked : pending.values()) {
                    awaitEnd(asked, deadline);
                    break;
                }
            }
            for (PendingRequest asked : untold) { // what hangs on its future may still run, and may be what drains
                while (!asked.future().isDone()) {
                    awaitEnd(asked, deadline);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("drain: the thread was interrupted");
        }
    }

    private void awaitEnd(PendingRequest asked, Deadline deadline) throws SocketTimeoutException, InterruptedException {
        if (deadline.hasPassed()) {
            throw new SocketTimeoutException("drain: the deadline has passed, " + pending.size() + " under way");
        }
        asked.awaitEnd(Duration.ofNanos(Math.min(deadline.remainingNanos(), LONGEST_DRAIN)));
    }

    @Override
    public MessageChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        drained = true;
        channel.close();
    }
}
