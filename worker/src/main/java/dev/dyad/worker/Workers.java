package dev.dyad.worker;

import static java.util.Objects.requireNonNull;

import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Requests;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.DeadlineWaits;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Workers that answer requests, of which one that fails harms no other.
///
/// A request goes to the worker that has least to do, or waits in line for one. The end of a worker fails its own
/// requests, each once, and another worker is started in its place. Any number of threads of both kinds may ask.
///
/// {@snippet file="dev/dyad/worker/examples/WorkersExamplesTest.java" region="workers"}
public final class Workers implements Closeable {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2); // for a worker to heed a cancel
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(20);

    private final PoolSettings settings;
    private final Pool pool;
    private final RunningTasks ending = new RunningTasks(); // one for each keeper, and each worker that is ended

    Workers(PoolSettings settings) {
        this.settings = settings;
        var events = new EventTeller(settings.listener());
        pool = new Pool(settings, Workers::shorten, this::stop, events);
        for (Place place : pool.places()) {
            var keeper = new PlaceKeeper(pool, place, settings, events);
            ending.start("dyad-worker-" + place.number, keeper);
        }
    }

    private static long shorten(long most) {
        return most - ThreadLocalRandom.current().nextLong(most / 10 + 1);
    }

    private void stop(Member member) {
        ending.start("dyad-worker-end", () -> {
            try {
                member.process.stop();
            } catch (IOException e) {
                // it may not be signalled: the kernel ends what it reads with us
            }
        });
    }

    /// Asks a worker, and waits for the answer until `deadline`, which is for waiting, running and answering
    /// together.
    ///
    /// A worker that has not answered by then is ended and replaced: it is never given another request.
    /// Where the exchange is [numbered][Exchange#NUMBERED], it is told to stop, and replaced if it has
    /// not done so two seconds later. An interrupt ends the call likewise.
    ///
    /// @param request the bytes from its position to its limit, which is its position afterwards
    /// @param deadline until when to wait
    /// @return the answer
    /// @throws RequestFailedException if there is none: it says why, and whether the request may have run
    public ByteBuffer call(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        return taken(null, request, deadline);
    }

    /// Asks the worker that a key belongs to: the same one for equal keys, as long as it is there, so that it may keep
    /// what it knows of them. While it is away, another one takes its keys.
    ///
    /// @param key what has a `hashCode`, such as the name of a customer
    /// @param request as of [#call(ByteBuffer, Deadline)]
    /// @param deadline as there
    /// @return the answer
    /// @throws RequestFailedException if there is none
    public ByteBuffer call(Object key, ByteBuffer request, Deadline deadline) throws RequestFailedException {
        return taken(requireNonNull(key), request, deadline);
    }

    private ByteBuffer taken(@Nullable Object key, ByteBuffer request, Deadline deadline)
            throws RequestFailedException {
        requireNonNull(request);
        requireNonNull(deadline); // before it takes a place
        pool.take();
        try {
            return ask(key, request, deadline);
        } finally {
            pool.end();
        }
    }

    private ByteBuffer ask(@Nullable Object key, ByteBuffer request, Deadline deadline) throws RequestFailedException {
        int begin = request.position();
        for (int asked = 0; ; asked++) {
            Member member = await(key, deadline);
            ByteBuffer answer = null;
            try {
                answer = member.process.requests().call(request.position(begin), deadline);
            } catch (RequestFailedException e) {
                settle(member, e);
                request.position(request.limit());
                if (!isToBeAskedAgain(member, e, asked)) {
                    throw e;
                }
            } catch (IllegalArgumentException refused) { // the wire has no such message
                pool.released(member);
                throw refused;
            } catch (RuntimeException | Error e) {
                pool.retire(member, "its answer could not be taken: " + e, true);
                pool.released(member);
                throw e;
            }
            if (answer != null) {
                pool.answered(member);
                lookAtMemory(member);
                return answer;
            }
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
    /// @return the answer to come, which fails with [RequestFailedException]. To cancel it is to interrupt a call
    public CompletableFuture<ByteBuffer> submit(ByteBuffer request, Deadline deadline) {
        requireNonNull(deadline); // before it takes a place
        ByteBuffer copy = ByteBuffer.allocate(request.remaining()).put(request).flip();
        var answer = new CompletableFuture<ByteBuffer>();
        try {
            pool.take(); // here: a drain that follows waits for it
        } catch (RequestFailedException refused) {
            answer.completeExceptionally(refused);
            return answer;
        }
        Thread asking = LibraryThreads.startVirtual("dyad-request", () -> {
            try {
                answer.complete(ask(null, copy, deadline));
            } catch (RequestFailedException | RuntimeException | Error e) {
                answer.completeExceptionally(e);
            } finally {
                pool.end();
            }
        });
        var _ = answer.whenComplete((_, _) -> {
            if (answer.isCancelled()) {
                asking.interrupt();
            }
        });
        return answer;
    }

    private Member await(@Nullable Object key, Deadline deadline) throws RequestFailedException {
        var ticket = new Ticket(key);
        pool.ask(ticket);
        while (!ticket.isSettled()) {
            boolean isInterrupted = Thread.currentThread().isInterrupted();
            if ((isInterrupted || deadline.hasPassed()) && pool.withdraw(ticket)) {
                throw isInterrupted
                        ? new RequestFailedException(Why.CANCELLED, false, "the thread was interrupted", null)
                        : new RequestFailedException(
                                Why.EXPIRED_WAITING, false, "the deadline has passed before a worker was free", null);
            }
            DeadlineWaits.park(this, deadline);
        }
        return ticket.member();
    }

    private void lookAtMemory(Member member) {
        if (settings.recycleAbove() < Long.MAX_VALUE && member.isTimeToLookAtMemory()) {
            ending.start("dyad-worker-memory", () -> {
                long bytes = member.process.residentBytes();
                if (bytes > settings.recycleAbove()) {
                    pool.outgrown(member, "it uses " + bytes + " bytes of memory");
                }
            });
        }
    }

    /// Tells the pool how a request has ended that has no answer.
    private void settle(Member member, RequestFailedException e) {
        switch (e.why()) {
            case ANSWERED_ERROR -> {
                pool.answered(member);
                return;
            }
            case CHANNEL_ENDED ->
                pool.ended(member, e.closed().map(Object::toString).orElseGet(e::toString));
            case EXPIRED_RUNNING, EXPIRED_WAITING, CANCELLED, REFUSED, NO_WORKERS -> {
                if (e.mayHaveRun() && settings.exchange() == Exchange.NUMBERED) {
                    ending.start("dyad-worker-late", () -> awaitHeeded(member, e.why() != Why.CANCELLED));
                    return; // until then it has that request
                }
                if (e.mayHaveRun()) {
                    boolean isLate = e.why() != Why.CANCELLED;
                    pool.retire(
                            member,
                            isLate ? "it has not answered in time" : "nobody waits for its answer any more",
                            isLate);
                }
            }
        }
        pool.released(member);
    }

    /// Waits until a worker has heeded that requests were cancelled. One that does not is replaced.
    private void awaitHeeded(Member member, boolean isLate) {
        Requests requests = member.process.requests();
        int left = requests.abandoned();
        boolean hasHeeded = left == 0;
        long end = System.nanoTime() + PATIENCE;
        while (!hasHeeded && requests.channel().closed().isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(this, BETWEEN_LOOKS);
            int now = requests.abandoned();
            hasHeeded = now == 0 || now < left; // others may have been cancelled meanwhile
            left = now;
        }
        if (!hasHeeded && requests.channel().closed().isEmpty()) {
            pool.retire(member, "it has not heeded that a request was cancelled", isLate);
        }
        pool.released(member);
    }

    private boolean isToBeAskedAgain(Member member, RequestFailedException e, int asked) {
        return switch (e.why()) {
            case CHANNEL_ENDED -> !e.mayHaveRun() || asked < settings.askAgain();
            case REFUSED -> pool.isLeaving(member); // it was being ended
            default -> false;
        };
    }

    /// Replaces all workers, one after the other, each by one that is ready. Where a new one does not get
    /// ready, the old one goes on, and those that follow are left as they are.
    ///
    /// @param deadline until when to wait
    /// @throws IOException if a new one fails, or is not ready in time: it says how
    /// @throws InterruptedException if this thread is interrupted meanwhile
    public void reload(Deadline deadline) throws IOException, InterruptedException {
        for (Place place : pool.places()) {
            String failure = pool.reload(place, deadline);
            if (failure != null) {
                throw new IOException("worker " + place.number + " was not replaced: " + failure);
            }
        }
    }

    /// Refuses new requests, and waits until all that wait and run have ended.
    ///
    /// @param deadline until when to wait
    /// @throws SocketTimeoutException if that passes before; new ones are refused all the same
    /// @throws InterruptedException if this thread is interrupted meanwhile
    public void drain(Deadline deadline) throws SocketTimeoutException, InterruptedException {
        if (!pool.drain(deadline)) {
            throw new SocketTimeoutException("drain: the deadline has passed");
        }
    }

    /// Returns how each worker fares at this moment.
    ///
    /// @return one for each place
    public List<Worker> workers() {
        return pool.snapshot();
    }

    /// Returns how many requests wait for a worker.
    ///
    /// @return the number
    public int waiting() {
        return pool.waiting();
    }

    /// Ends all workers at the same time, and waits until they have ended. What waits for a worker is refused; what
    /// is under way fails as its worker ends.
    @Override
    public void close() {
        pool.close();
        ending.awaitAll();
    }
}
