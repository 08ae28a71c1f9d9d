package dev.dyad.worker;

import dev.dyad.message.Closed;
import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Requests;
import dev.dyad.message.gone.PeerGoneException;
import dev.dyad.socket.Deadline;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Tells a pool how requests have ended, and looks after workers that are late.
final class RequestOutcomes {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2); // for a numbered worker that is late
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Pool pool;
    private final PoolSettings settings;
    private final RunningTasks tasks;

    RequestOutcomes(Pool pool, PoolSettings settings, RunningTasks tasks) {
        this.pool = pool;
        this.settings = settings;
        this.tasks = tasks;
    }

    /// Is told of an answer. Where that came before the request was sent whole, our deadline may have ended the
    /// channel.
    void answered(Member member) {
        if (closed(member).map(Closed.Here.class::isInstance).orElse(false)) {
            pool.answeredLast(member, "it has not read the request to its end");
            return;
        }
        pool.answered(member);
        if (settings.recycleAbove() < Long.MAX_VALUE && member.isTimeToLookAtMemory()) {
            tasks.start("dyad-worker-memory", () -> lookAtMemory(member));
        }
    }

    private void lookAtMemory(Member member) {
        long bytes = member.process.residentBytes();
        if (bytes > settings.recycleAbove()) {
            pool.outgrown(member, "it uses " + bytes + " bytes of memory");
        }
    }

    /// Returns how a request has failed for the one that asked: by the end of this JVM where that ends the worker,
    /// and by its deadline where that ends the channel, as what was written cannot be taken back. What is late says
    /// which worker had it.
    RequestFailedException seenByCaller(Member member, RequestFailedException e, Deadline deadline) {
        try {
            return seen(member, e, deadline);
        } catch (VirtualMachineError lacking) {
            return e; // the worker still has to be released
        }
    }

    private RequestFailedException seen(Member member, RequestFailedException e, Deadline deadline) {
        if (e.why() == Why.EXPIRED_RUNNING) {
            return late(member, e.reason(), e);
        }
        if (e.why() == Why.CHANNEL_ENDED && pool.isEndedByJvm()) {
            pool.cutShortByJvm();
            return new RequestFailedException(
                    Why.CHANNEL_ENDED, e.mayHaveRun(), PoolRequests.JVM_ENDS + ": " + e.reason(), e);
        }
        boolean isOurs = e.why() == Why.CHANNEL_ENDED
                && e.mayHaveRun()
                && e.closed().map(Closed.Here.class::isInstance).orElse(false);
        if (!isOurs) {
            return e;
        }
        if (Thread.currentThread().isInterrupted()) {
            return new RequestFailedException(Why.CANCELLED, true, "the thread was interrupted", e);
        }
        return deadline.hasPassed() ? late(member, "the deadline has passed before the request was sent whole", e) : e;
    }

    /// Says which worker is late, and what it has printed, as nobody may ever hear more of it.
    private static RequestFailedException late(Member member, String reason, RequestFailedException e) {
        String worker =
                "; worker %d, process %d%s".formatted(member.place.number, member.pid, member.process.printed());
        return new RequestFailedException(Why.EXPIRED_RUNNING, e.mayHaveRun(), reason + worker, e);
    }

    /// Is told of a request that has no answer.
    void failed(Member member, RequestFailedException e) {
        switch (e.why()) {
            case ANSWERED_ERROR -> answeredError(member);
            case CHANNEL_ENDED -> channelEnded(member, e);
            case EXPIRED_RUNNING, EXPIRED_WAITING, CANCELLED, FAILED_HERE, REFUSED, NO_WORKERS -> givenUp(member, e);
        }
    }

    private void channelEnded(Member member, RequestFailedException e) {
        try {
            if (e.mayHaveRun()) {
                pool.ran(member);
            }
            tellEnd(member, e);
        } finally {
            pool.released(member);
        }
    }

    private void tellEnd(Member member, RequestFailedException e) {
        Closed how = e.closed().or(() -> closed(member)).orElse(null);
        if (how != null) {
            ended(member, how);
        } else if (e.getCause() instanceof PeerGoneException) {
            pool.lost(member);
            var _ = member.process.requests().channel().onClosed().thenAccept(known -> ended(member, known));
        } else {
            pool.ended(member, e.reason());
        }
    }

    /// Another request of the same worker may have closed the channel: that one is late, or nobody waits for it.
    private void ended(Member member, Closed how) {
        switch (how) {
            case Closed.AskedToStop stop -> pool.left(member, stop.toString());
            case Closed.Here here -> pool.retire(member, here.toString());
            default -> pool.ended(member, how.toString());
        }
    }

    /// Of an answer in parts, which nobody has asked for, the rest is still to come: nobody knows when.
    private void answeredError(Member member) {
        if (settings.exchange() != Exchange.NUMBERED
                && member.process.requests().abandoned() > 0) {
            leave(member, false, "it answers in parts, which nobody takes");
        } else {
            answered(member);
        }
    }

    /// Is told of a request for which nobody waits any more, though it may still be under way.
    private void givenUp(Member member, RequestFailedException e) {
        boolean isLate = e.why() != Why.CANCELLED && e.why() != Why.FAILED_HERE;
        if (settings.exchange() == Exchange.NUMBERED && closed(member).isEmpty()) {
            lateNumbered(member, e);
            return;
        }
        String why = isLate ? "it has not answered in time" : "nobody waits for its answer any more";
        leave(member, !e.mayHaveRun(), why);
    }

    private static Optional<Closed> closed(Member member) {
        return member.process.requests().channel().closed();
    }

    /// Leaves a numbered worker some time to show that it goes on. Until then it has the request.
    private void lateNumbered(Member member, RequestFailedException e) {
        boolean foundNoRoom = !e.mayHaveRun() && e.getCause() instanceof SocketTimeoutException;
        if (e.mayHaveRun()) {
            tasks.start("dyad-worker-late", () -> awaitHeeded(member));
        } else if (foundNoRoom) {
            tasks.start("dyad-worker-late", () -> awaitAnswer(member));
        } else {
            pool.released(member);
        }
    }

    /// Waits until a worker has heeded that requests were cancelled.
    private void awaitHeeded(Member member) {
        Requests requests = member.process.requests();
        var left = new Object() {
            int number = requests.abandoned();
        };
        boolean hasHeeded = left.number == 0
                || holdsSoon(member, () -> {
                    int before = left.number;
                    left.number = requests.abandoned();
                    return left.number == 0 || left.number < before; // others may have been cancelled meanwhile
                });
        leave(member, hasHeeded, "it has not heeded that a request was cancelled");
    }

    /// Waits until a worker answers something, which read too little to be sent more.
    private void awaitAnswer(Member member) {
        Requests requests = member.process.requests();
        long answers = pool.answers(member);
        int left = requests.abandoned();
        boolean goesOn = holdsSoon(member, () -> pool.answers(member) > answers || requests.abandoned() < left);
        leave(member, goesOn, "it has read nothing, and answered nothing");
    }

    private boolean holdsSoon(Member member, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE;
        boolean holds = condition.getAsBoolean();
        while (!holds && closed(member).isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(this, BETWEEN_LOOKS);
            holds = condition.getAsBoolean();
        }
        return holds;
    }

    /// Has a worker go on without a request that was given up, unless it has ended by itself or is to be
    /// replaced.
    private void leave(Member member, boolean goesOn, String why) {
        try {
            Closed closed = closed(member).orElse(null);
            if (closed != null && !(closed instanceof Closed.Here)) {
                ended(member, closed);
            } else if (!goesOn || closed != null) {
                pool.retire(member, why);
            }
        } finally {
            pool.released(member);
        }
    }
}
