package dev.dyad.worker;

import static java.util.Objects.requireNonNull;

import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Requests.Payload;
import dev.dyad.process.exit.AtExit;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.DeadlineWaits;
import dev.dyad.worker.jfr.RequestExpiredEvent;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Workers that answer requests; one that fails harms no other.
///
/// A request goes to the worker that has least to do, or waits in line for one. The end of a worker fails its
/// own requests, each once, and another worker is started in its place. Any number of threads may ask, platform
/// threads and virtual ones.
///
/// {@snippet file="dev/dyad/worker/examples/WorkersExamplesTest.java" region="workers"}
///
/// The JDK's flight recorder is told as well what happens to them, by events of the category Dyad. Here a
/// program records itself:
///
/// {@snippet file="dev/dyad/worker/examples/RecordingExampleTest.java" region="recording"}
public final class Workers implements Closeable {

    private final Pool pool;
    private final StatisticsRecorder recorder = new StatisticsRecorder();
    private final RequestOutcomes outcomes;
    private final SubmittedRequests submitted;
    private final Exchange exchange;
    private final int askAgain;
    private final RunningTasks tasks; // one for each keeper, and each worker that is ended
    private final PoolRecording recording = new PoolRecording();
    private final String name;
    private final AtExit.Listener atJvmEnd; // knows the pool

    Workers(PoolSettings settings) {
        this(settings, new RunningTasks(), new SubmittedRequests());
    }

    Workers(PoolSettings settings, RunningTasks tasks, SubmittedRequests submitted) {
        this.tasks = tasks;
        this.submitted = submitted;
        exchange = settings.exchange();
        askAgain = settings.askAgain();
        var teller = new EventTeller(settings.listener());
        Consumer<WorkerEvent> events = event -> {
            recorder.happened(event);
            recording.accept(event);
            teller.accept(event);
        };
        pool = new Pool(settings, new PoolHost(new Ending(), events, System::nanoTime, Workers::shorten));
        outcomes = new RequestOutcomes(pool, settings, tasks);
        atJvmEnd = new PoolAtExit(pool, settings.closedByHook());
        name = settings.name();
        recording.begin(this, settings.programs());
        keepPlaces(settings, events);
    }

    private void keepPlaces(PoolSettings settings, Consumer<WorkerEvent> events) {
        try {
            AtExit.listen(atJvmEnd);
            for (Place place : pool.places()) {
                tasks.begin("dyad-worker-" + place.number, new PlaceKeeper(pool, place, settings, events));
            }
        } catch (OutOfMemoryError noThread) { // a place without a keeper would never have a worker
            close();
            throw noThread;
        }
    }

    static long shorten(long most) {
        return most - ThreadLocalRandom.current().nextLong(most / 10 + 1);
    }

    /// Ends processes on threads of their own.
    private final class Ending implements MemberProcesses {

        @Override
        public void stop(Member member) {
            String why = member.whyStopped;
            tasks.start("dyad-worker-end", () -> {
                try {
                    member.process.stop(why);
                } finally {
                    pool.gone(member);
                }
            });
        }

        @Override
        public void kill(Member member) {
            tasks.start("dyad-worker-end", member.process::kill);
        }
    }

    /// Asks a worker, and waits for the answer until `deadline`, which is for waiting, running and answering
    /// together.
    ///
    /// A worker that has not answered by then is ended and replaced: it is never given another request.
    /// Where the exchange is [numbered][Exchange#NUMBERED], it is told to stop, and replaced if it
    /// has not done so two seconds later. An interrupt ends the call likewise.
    ///
    /// @param request the bytes from its position to its limit, which is its position afterwards
    /// @param deadline until when to wait
    /// @return the answer
    /// @throws RequestFailedException if there is none: it says why, and whether the request may have run
    public ByteBuffer call(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        return taken(new Ticket(null), PooledRequest.of(request, deadline), deadline);
    }

    /// Asks with a context before the body, which only [goridge's exchange][Exchange#GORIDGE] has.
    ///
    /// @param request what is asked, as of [dev.dyad.message.Requests#call(Payload, Deadline)]
    /// @param deadline as of [#call(ByteBuffer, Deadline)]
    /// @return the answer, with its own context
    /// @throws RequestFailedException if there is none
    /// @throws UnsupportedOperationException if the exchange has no contexts
    public Payload call(Payload request, Deadline deadline) throws RequestFailedException {
        if (exchange != Exchange.GORIDGE) {
            throw new UnsupportedOperationException("contexts are of goridge's exchange, not of " + exchange);
        }
        return taken(new Ticket(null), PooledRequest.of(request, deadline), deadline);
    }

    /// Asks the worker that a key belongs to: the same one for equal keys, as long as it is there, so that it
    /// may keep what it knows of them.
    ///
    /// While it is away, a spare takes its keys if there is one, and else the other workers do; they come back
    /// with its successor. The keys of workers that are there do not move for that. Where the number of workers
    /// [grows][WorkerPlan#workers(int, int)], each new one takes its share of the keys from the others, and
    /// gives it back as the number shrinks.
    ///
    /// @param key what has a `hashCode`, such as the name of a customer
    /// @param request as of [#call(ByteBuffer, Deadline)]
    /// @param deadline as there
    /// @return the answer
    /// @throws RequestFailedException if there is none
    public ByteBuffer call(Object key, ByteBuffer request, Deadline deadline) throws RequestFailedException {
        return taken(new Ticket(requireNonNull(key)), PooledRequest.of(request, deadline), deadline);
    }

    private <A> A taken(Ticket ticket, PooledRequest<A> request, Deadline deadline) throws RequestFailedException {
        take();
        try {
            return ask(ticket, request, deadline);
        } finally {
            pool.end();
        }
    }

    private void take() throws RequestFailedException {
        try {
            pool.take();
        } catch (RequestFailedException refused) {
            recorder.failed(refused.why());
            throw refused;
        }
    }

    /// Asks, and counts what becomes of it.
    private <A> A ask(Ticket ticket, PooledRequest<A> request, Deadline deadline) throws RequestFailedException {
        RequestExpiredEvent measured = PoolRecording.request();
        try {
            A answer = askInTurn(ticket, request, deadline);
            recorder.answered();
            return answer;
        } catch (RequestFailedException e) {
            recorder.failed(e.why());
            recording.failed(measured, e);
            throw e;
        }
    }

    private static RequestFailedException failedHere(VirtualMachineError lacking) {
        return new RequestFailedException(Why.FAILED_HERE, false, "this side failed: " + lacking, lacking);
    }

    /// Asks one worker after the other, as long as that is to be done.
    private <A> A askInTurn(Ticket first, PooledRequest<A> request, Deadline deadline) throws RequestFailedException {
        var attempts = new Attempts(askAgain, pool.places().size());
        for (Ticket ticket = first; ; ticket = ticket.again()) {
            Member member = await(ticket, deadline, attempts);
            try {
                A answer = call(member, request);
                outcomes.answered(member);
                return answer;
            } catch (RequestFailedException e) {
                RequestFailedException failure = outcomes.seenByCaller(member, e, deadline);
                outcomes.failed(member, failure);
                attempts.failed(failure, pool.isLeaving(member));
            }
        }
    }

    private <A> A call(Member member, PooledRequest<A> request) throws RequestFailedException {
        long begun = System.nanoTime();
        try {
            return request.ask(member.process.requests());
        } catch (IllegalArgumentException refused) { // the wire has no such message
            pool.released(member);
            throw refused;
        } catch (RuntimeException | Error e) {
            try {
                pool.retire(member, "its answer could not be taken: " + e);
            } finally {
                pool.released(member);
            }
            throw e;
        } finally {
            recorder.ran(begun);
        }
    }

    /// Asks, and waits for the answer as long as it takes.
    ///
    /// @param request as of [#call(ByteBuffer, Deadline)]
    /// @return the answer
    /// @throws RequestFailedException if there is none
    public ByteBuffer call(ByteBuffer request) throws RequestFailedException {
        return call(request, Deadline.never());
    }

    /// Asks without waiting.
    ///
    /// @param request as of [#call(ByteBuffer, Deadline)]; it is copied
    /// @param deadline as there
    /// @return the answer to come, which fails with [RequestFailedException]. Cancelling it is like
    ///     interrupting a call
    public CompletableFuture<ByteBuffer> submit(ByteBuffer request, Deadline deadline) {
        return submitted(null, request, deadline);
    }

    /// Asks the worker that a key belongs to, as [#call(Object, ByteBuffer, Deadline)] does, without waiting.
    ///
    /// @param key as there
    /// @param request as of [#call(ByteBuffer, Deadline)]; it is copied
    /// @param deadline as there
    /// @return the answer to come, as of [#submit(ByteBuffer, Deadline)]
    public CompletableFuture<ByteBuffer> submit(Object key, ByteBuffer request, Deadline deadline) {
        return submitted(requireNonNull(key), request, deadline);
    }

    private CompletableFuture<ByteBuffer> submitted(@Nullable Object key, ByteBuffer request, Deadline deadline) {
        requireNonNull(request);
        requireNonNull(deadline); // before it takes a place
        CompletableFuture<ByteBuffer> answer = submitted.add();
        try {
            PooledRequest<ByteBuffer> copy = PooledRequest.of(copy(request), deadline);
            take(); // here: a drain that follows waits for it
            start(answer, key, copy, deadline);
        } catch (RequestFailedException | RuntimeException | Error e) {
            submitted.fail(answer, e); // or nobody would, and a close would wait for that
        }
        return answer;
    }

    private ByteBuffer copy(ByteBuffer request) throws RequestFailedException {
        try {
            return ByteBuffer.allocate(request.remaining()).put(request).flip();
        } catch (OutOfMemoryError e) {
            recorder.failed(Why.FAILED_HERE);
            throw failedHere(e);
        }
    }

    private void start(
            CompletableFuture<ByteBuffer> answer,
            @Nullable Object key,
            PooledRequest<ByteBuffer> request,
            Deadline deadline)
            throws RequestFailedException {
        boolean isStarted = false;
        try {
            submitted.start(answer, () -> {
                try {
                    return ask(new Ticket(key), request, deadline);
                } finally {
                    pool.end();
                }
            });
            isStarted = true;
        } catch (OutOfMemoryError noThread) {
            recorder.failed(Why.FAILED_HERE);
            throw failedHere(noThread);
        } finally {
            if (!isStarted) {
                pool.end();
            }
        }
    }

    private Member await(Ticket ticket, Deadline deadline, Attempts attempts) throws RequestFailedException {
        try {
            return await(ticket, deadline);
        } catch (RequestFailedException e) {
            throw attempts.seenByCaller(e);
        }
    }

    private Member await(Ticket ticket, Deadline deadline) throws RequestFailedException {
        long begun = System.nanoTime();
        pool.ask(ticket);
        try {
            return awaitMember(ticket, deadline);
        } finally {
            recorder.waited(begun);
        }
    }

    private Member awaitMember(Ticket ticket, Deadline deadline) throws RequestFailedException {
        while (!ticket.isSettled()) {
            boolean isInterrupted = Thread.currentThread().isInterrupted();
            if ((isInterrupted || deadline.hasPassed()) && pool.withdraw(ticket)) {
                throw isInterrupted
                        ? new RequestFailedException(Why.CANCELLED, false, "the thread was interrupted", null)
                        : new RequestFailedException(
                                Why.EXPIRED_WAITING, false, "the deadline has passed before a worker was free", null);
            }
            park(ticket, deadline);
        }
        return ticket.member();
    }

    private void park(Ticket ticket, Deadline deadline) throws RequestFailedException {
        try {
            DeadlineWaits.park(this, deadline);
        } catch (VirtualMachineError e) { // a virtual thread may need another one to be woken at a time
            if (pool.withdraw(ticket)) {
                throw failedHere(e);
            }
        }
    }

    /// Replaces all workers, one after the other, each once its successor is ready. A successor is started
    /// without a pause. Where one does not get ready, the old worker goes on, and those that follow are left as
    /// they are. A successor that is not ready in time is ended, unless another reload waits for it.
    ///
    /// @param deadline until when to wait
    /// @throws IOException if a new one fails, or is not ready in time: it says how
    /// @throws InterruptedException if this thread is interrupted meanwhile
    public void reload(Deadline deadline) throws IOException, InterruptedException {
        for (Place place : pool.places()) {
            pool.reload(place, deadline);
        }
    }

    /// Waits until every worker is ready, spares as well. Requests do not need this: they wait for the first
    /// worker that is ready.
    ///
    /// @param deadline until when to wait
    /// @throws RequestFailedException if every worker fails: it says how the last one has; or if they are
    ///     [drained][#drain], and one has ended
    /// @throws SocketTimeoutException if the deadline passes before: it says which one is not ready, and how it
    ///     has failed
    /// @throws AsynchronousCloseException if the workers are closed
    /// @throws InterruptedException if this thread is interrupted meanwhile
    public void awaitReady(Deadline deadline) throws IOException, InterruptedException {
        pool.awaitAllReady(requireNonNull(deadline));
    }

    /// Refuses new requests, and waits until all that wait and run have ended, and all futures are done. From then
    /// on no worker is started in the place of one that ends.
    ///
    /// @param deadline until when to wait
    /// @throws SocketTimeoutException if that passes before; new ones are refused all the same
    /// @throws AsynchronousCloseException if the workers are closed meanwhile, or the JVM ends them, which ends
    ///     requests otherwise
    /// @throws InterruptedException if this thread is interrupted meanwhile
    public void drain(Deadline deadline) throws IOException, InterruptedException {
        pool.drain(requireNonNull(deadline));
        submitted.awaitDone(deadline);
    }

    /// Returns how each worker fares at this moment.
    ///
    /// @return one for each place; none once they are closed, or the end of the JVM has ended them
    public List<Worker> workers() {
        return pool.snapshot();
    }

    /// Returns how many requests wait for a worker.
    ///
    /// @return the number
    public int waiting() {
        return pool.waiting();
    }

    /// Returns what has become of all requests and workers so far.
    ///
    /// @return a snapshot
    public WorkersStatistics statistics() {
        return pool.statistics(recorder);
    }

    /// Ends all workers at the same time, and waits until they have ended, and all futures are done. What waits
    /// for a worker is refused; what is under way fails as its worker ends.
    @Override
    public void close() {
        recording.end();
        pool.close();
        AtExit.forget(atJvmEnd);
        tasks.awaitAll();
        submitted.awaitDone();
    }

    /// Says of what command they are, how many are in which state, and how many requests wait, for a log.
    @Override
    public String toString() {
        return "Workers[" + name + ": " + pool.description() + "]";
    }
}
