package dev.dyad.message;

import static java.util.Objects.requireNonNull;

import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.ChildEndedException;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One request at a time, whose answer is the next message.
///
/// A thread that gives up leaves its answer owed: the next request receives that first, and drops it.
sealed class RequestsInTurn extends Requests permits GoridgeRequests {

    /// Less than the other side needs to send another message, in nanoseconds.
    private static final long AT_ONCE = 2_000;

    /// What a pipe or a socket takes though nobody reads.
    private static final int FITS = 1 << 16;

    private static final Set<Errno> READS_NO_MORE = Set.of(Errno.EPIPE, Errno.ECONNRESET);

    private final MessageChannel channel;
    private final long atOnce;
    private final FairTurn turn = new FairTurn("request");
    private final TakenRequests taken = new TakenRequests();
    private final AnswersInTurn answers;
    private final AtomicInteger owed =
            new AtomicInteger(); // answers that nobody wants; changed by the thread that has the turn
    private long answered = System.nanoTime() - AT_ONCE; // when the last answer had come; of the turn

    RequestsInTurn(MessageChannel channel) {
        this(channel, AT_ONCE);
    }

    /// @param atOnce for how long after an answer nothing is looked for that nobody has asked for, in nanoseconds
    RequestsInTurn(MessageChannel channel, long atOnce) {
        this.channel = channel;
        answers = new AnswersInTurn(channel);
        this.atOnce = atOnce;
    }

    /// Something that is done by the thread that has the turn.
    @FunctionalInterface
    interface Asking<T> {
        T ask() throws RequestFailedException;
    }

    /// Takes an answer from the messages that come.
    @FunctionalInterface
    interface Taking<T> {

        /// Returns the answer, or `null` where another message follows that is.
        @Nullable
        T take(Message message, Deadline deadline) throws IOException;
    }

    @Override
    public final ByteBuffer call(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        requireNonNull(deadline);
        taken.take();
        try {
            return callTaken(request, deadline);
        } finally {
            taken.end();
        }
    }

    /// Asks as [#call], once the request was taken.
    ByteBuffer callTaken(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        return inTurn(deadline, () -> exchange(request, deadline, Message::bytes));
    }

    /// Sends a request, and takes its answer.
    final <T> T exchange(ByteBuffer request, Deadline deadline, Taking<T> taking) throws RequestFailedException {
        if (request.remaining() > FITS) {
            return exchangeLong(request, deadline, taking);
        }
        try {
            send(request, deadline);
        } catch (RequestFailedException e) {
            return lastAnswer(() -> answer(deadline, taking), e);
        }
        return answer(deadline, taking);
    }

    /// Sends a long request. Its answer may come before all of it is read, and is taken meanwhile.
    private <T> T exchangeLong(ByteBuffer request, Deadline deadline, Taking<T> taking) throws RequestFailedException {
        var early = new EarlyAnswer<>(() -> answer(deadline, taking));
        int owedBefore = owed.get();
        try {
            write(() -> channel.send(request, deadline, early::start));
        } catch (RequestFailedException e) {
            if (early.isUntakable()) {
                if (!e.mayHaveRun()) {
                    owed.set(owedBefore);
                }
                return early.get();
            }
            if (early.isStarted() && e.mayHaveRun()) {
                return mayHaveAnswered(e) ? lastAnswer(early::get, e) : early.orElseThrow(e);
            }
            stop(early, owedBefore);
            return lastAnswer(() -> answer(deadline, taking), owing(e));
        } catch (RuntimeException | Error e) { // before the turn is given on
            boolean _ = early.isUntakable();
            stop(early, owedBefore);
            throw e;
        }
        boolean _ = early.isUntakable();
        return early.isStarted() ? early.get() : answer(deadline, taking);
    }

    /// Takes the answer that the other side may have sent without reading the whole request. The channel has ended, so
    /// that this waits for it no longer than that has anybody wait.
    ///
    /// @param notSent why it was not sent, which is thrown where it has not answered
    private static <T> T lastAnswer(Asking<T> answer, RequestFailedException notSent) throws RequestFailedException {
        if (!mayHaveAnswered(notSent)) {
            throw notSent;
        }
        try {
            return answer.ask();
        } catch (RequestFailedException none) {
            throw EarlyAnswer.saysMore(none) ? none : notSent;
        }
    }

    /// Returns whether there may be an answer though the request was not sent whole: the other side has ended or no
    /// longer reads. Where this side failed, the other waits for the rest and does not answer.
    private static boolean mayHaveAnswered(RequestFailedException notSent) {
        return notSent.mayHaveRun()
                && switch (notSent.closed().orElse(null)) {
                    case Closed.ChildEnded _, Closed.Ended _ -> true;
                    case Closed.Broken(SystemCallException call) -> READS_NO_MORE.contains(call.errno());
                    case Closed.Broken(ChildEndedException _) -> true;
                    case null, default -> false;
                };
    }

    /// Waits no longer for the answer to a request of which nothing was sent.
    private void stop(EarlyAnswer<?> early, int owedBefore) {
        if (early.isStarted()) {
            if (early.stop()) {
                channel.end("an answer that nobody has asked for");
            }
            owed.set(owedBefore);
        }
    }

    /// Asks something that was taken, once no other request is under way.
    final <T> T inTurn(Deadline deadline, Asking<T> asking) throws RequestFailedException {
        begin(deadline);
        try {
            return asking.ask();
        } finally {
            turn.leave();
        }
    }

    /// Takes the turn, which is to be left, and what is left of requests before.
    private void begin(Deadline deadline) throws RequestFailedException {
        enter(deadline);
        boolean begun = false;
        try {
            settle(deadline);
            requireTime(deadline);
            begun = true;
        } catch (VirtualMachineError e) {
            throw RequestFailedException.here(false, e);
        } finally {
            if (!begun) {
                turn.leave();
            }
        }
    }

    /// Takes a request, and the turn for it: [#endTaking] ends both.
    final void beginTaking(Deadline deadline) throws RequestFailedException {
        requireNonNull(deadline);
        taken.take();
        boolean begun = false;
        try {
            begin(deadline);
            begun = true;
        } finally {
            if (!begun) {
                taken.end();
            }
        }
    }

    final void endTaking() {
        turn.leave();
        taken.end();
    }

    /// Requires that there is time left before anything is sent: what is sent may run.
    private static void requireTime(Deadline deadline) throws RequestFailedException {
        if (deadline.hasPassed()) {
            throw expired(null);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw cancelled(false, new InterruptedIOException("the thread was interrupted before"));
        }
    }

    /// Has the answer to the last request be dropped when it comes.
    final void owe() {
        owed.incrementAndGet();
    }

    private void enter(Deadline deadline) throws RequestFailedException {
        try {
            turn.enter(deadline);
        } catch (SocketTimeoutException e) {
            requireOpen(); // the one before may wait a second more for its answer
            throw expired(e);
        } catch (InterruptedIOException e) {
            throw cancelled(false, e);
        } catch (VirtualMachineError e) {
            throw RequestFailedException.here(false, e);
        }
    }

    private static RequestFailedException expired(@Nullable IOException cause) {
        return new RequestFailedException(
                Why.EXPIRED_WAITING, false, "the deadline has passed before the request was sent", cause);
    }

    /// Returns what to throw where a request failed before it was sent.
    static RequestFailedException notSent(IOException e) {
        return switch (e) {
            case SocketTimeoutException late -> expired(late);
            case InterruptedIOException early -> cancelled(false, early);
            case RequestFailedException failed -> failed;
            default -> failed(false, e);
        };
    }

    private static RequestFailedException cancelled(boolean mayHaveRun, Exception cause) {
        return new RequestFailedException(Why.CANCELLED, mayHaveRun, "the thread was interrupted", cause);
    }

    /// Receives the answers that are owed to requests before.
    private void settle(Deadline deadline) throws RequestFailedException {
        try {
            requireOpen(); // or nothing that is owed need ever come
            for (; owed.get() > 0; owed.decrementAndGet()) {
                receiveLate(deadline);
            }
            if (channel.hasReadAhead() || System.nanoTime() - answered >= atOnce) {
                requireSilence();
            }
            requireOpen();
            channel.requireNotGone();
        } catch (IOException e) {
            throw notSent(e);
        }
    }

    private void receiveLate(Deadline deadline) throws IOException {
        boolean isAnswer = false;
        while (!isAnswer) {
            try (Message late = channel.receive(deadline)) {
                if (late == null) {
                    throw ended(false);
                }
                isAnswer = isAnswer(late);
            }
        }
    }

    /// Returns whether a message is the last of an answer.
    boolean isAnswer(Message message) throws IOException {
        return true;
    }

    /// Returns whether a message may come though no request is under way.
    boolean isExpected(Message message) throws IOException {
        return false;
    }

    /// Ends the channel where the other side has said something that is no answer, or it would be taken
    /// for the next one.
    private void requireSilence() throws IOException {
        boolean isSilent = false;
        while (!isSilent) {
            try (Message unasked = channel.tryReceive()) {
                if (unasked != null && !isExpected(unasked)) {
                    throw channel.misbehaved("an answer that nobody has asked for", unasked);
                }
                isSilent = unasked == null;
            }
        }
    }

    private void requireOpen() throws RequestFailedException {
        if (channel.closed().isPresent()) {
            throw ended(false);
        }
    }

    final void send(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        try {
            write(() -> channel.send(request, deadline));
        } catch (RequestFailedException e) {
            throw owing(e);
        }
    }

    /// Notes that an answer is owed where a part of its request was sent, as the rest follows.
    private RequestFailedException owing(RequestFailedException e) {
        if (e.mayHaveRun() && e.getCause() instanceof InterruptedIOException) {
            owed.incrementAndGet();
        }
        return e;
    }

    /// Sends a request.
    @FunctionalInterface
    private interface Sending {
        void send() throws IOException;
    }

    private void write(Sending sending) throws RequestFailedException {
        try {
            sending.send();
        } catch (InterruptedIOException e) { // by a deadline, too
            boolean isLate = e instanceof SocketTimeoutException;
            if (e.bytesTransferred == 0) {
                throw isLate ? expired(e) : cancelled(false, e);
            }
            throw isLate ? late(e) : cancelled(true, e);
        } catch (IOException e) {
            throw failed(e instanceof ChannelClosedException closed && closed.hasBegun(), e);
        } catch (VirtualMachineError e) { // either nothing was written, or that has ended the channel
            throw RequestFailedException.here(channel.closed().isPresent(), e);
        }
    }

    /// Receives the answer to what was sent.
    final <T> T answer(Deadline deadline, Taking<T> taking) throws RequestFailedException {
        boolean isOwed = true;
        boolean hasFailed = true; // also by an error, as without memory
        try {
            while (true) {
                try (Message message = channel.receive(deadline)) {
                    if (message == null) {
                        throw ended(true);
                    }
                    isOwed = !isAnswer(message); // what is left of an answer will be skipped
                    T answer = taking.take(message, deadline);
                    if (answer != null) {
                        answered = System.nanoTime();
                        hasFailed = false;
                        return answer;
                    }
                }
            }
        } catch (RequestFailedException e) {
            throw e;
        } catch (InterruptedIOException e) { // by a deadline, too
            throw e instanceof SocketTimeoutException ? late(e) : cancelled(true, e);
        } catch (IOException e) {
            hasFailed = false; // nor is anything to come
            throw failed(true, e);
        } catch (VirtualMachineError e) {
            throw RequestFailedException.here(true, e);
        } finally {
            if (hasFailed && isOwed) {
                owed.incrementAndGet();
            }
        }
    }

    private static RequestFailedException late(IOException cause) {
        return new RequestFailedException(
                Why.EXPIRED_RUNNING, true, "the deadline has passed before the answer came", cause);
    }

    final RequestFailedException ended(boolean mayHaveRun) {
        return new RequestFailedException(channel.closed().orElseThrow(), mayHaveRun);
    }

    private static RequestFailedException failed(boolean mayHaveRun, IOException cause) {
        return cause instanceof ChannelClosedException closed
                ? new RequestFailedException(closed.closed(), mayHaveRun)
                : new RequestFailedException(Why.CHANNEL_ENDED, mayHaveRun, String.valueOf(cause.getMessage()), cause);
    }

    @Override
    public CompletableFuture<ByteBuffer> submit(ByteBuffer request, Deadline deadline) {
        requireNonNull(deadline);
        var answer = new CompletableFuture<ByteBuffer>();
        ByteBuffer copy;
        try {
            copy = copy(request);
            taken.take(); // here: a drain that follows waits for it
        } catch (RequestFailedException refused) {
            answer.completeExceptionally(refused);
            return answer;
        }
        Thread asking;
        try {
            asking = LibraryThreads.startVirtual("dyad-request", () -> submitted(copy, deadline, answer));
        } catch (OutOfMemoryError noThread) {
            taken.end();
            answer.completeExceptionally(RequestFailedException.here(false, noThread));
            return answer;
        }
        var _ = answer.whenComplete((_, _) -> {
            if (answer.isCancelled()) {
                asking.interrupt();
            }
        });
        return answer;
    }

    private void submitted(ByteBuffer request, Deadline deadline, CompletableFuture<ByteBuffer> answer) {
        try {
            ByteBuffer come = callTaken(request, deadline);
            tell(() -> answer.complete(come));
        } catch (RequestFailedException | RuntimeException | Error e) {
            tell(() -> answer.completeExceptionally(e));
        }
    }

    /// Tells an asker how its request has ended, which is not under way any more by then.
    private void tell(Runnable telling) {
        taken.answered();
        try {
            telling.run();
        } finally {
            taken.endAnswered();
        }
    }

    @Override
    public Parts stream(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        throw AnswersInTurn.haveNoParts();
    }

    @Override
    public Requests handler(int atOnce, Handler handler) {
        answers.start(atOnce, handler);
        return this;
    }

    @Override
    public int abandoned() {
        return owed.get();
    }

    @Override
    public int underWay() {
        return taken.number();
    }

    @Override
    public void drain(Deadline deadline) throws IOException {
        taken.drain(deadline);
    }

    @Override
    public MessageChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        taken.shut();
        channel.close();
    }
}
