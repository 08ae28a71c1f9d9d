package dev.dyad.worker;

import dev.dyad.message.Closed;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;

/// Counts the attempts of one request, on the thread that makes it, and decides whether there is another one.
///
/// What certainly has not run is asked again, and what may have run as often as the plan says. A worker that asks to
/// be replaced has run nothing. As many as there are may do so at the same time, and no more than that: otherwise a
/// request that every worker answers so would be asked for ever.
final class Attempts {

    private final int askAgain;
    private final int places;
    private int ran; // times that it may have
    private int stops; // workers that asked to be replaced

    /// @param places how many workers there are
    Attempts(int askAgain, int places) {
        this.askAgain = askAgain;
        this.places = places;
    }

    /// Counts one that has failed.
    ///
    /// @param isLeaving whether its worker was being ended
    /// @throws RequestFailedException if it is not to be asked again
    void failed(RequestFailedException e, boolean isLeaving) throws RequestFailedException {
        if (e.closed().orElse(null) instanceof Closed.AskedToStop) {
            stops++;
        }
        if (!isToBeAskedAgain(e, isLeaving)) {
            throw seenByCaller(e);
        }
        ran += e.mayHaveRun() ? 1 : 0;
    }

    private boolean isToBeAskedAgain(RequestFailedException e, boolean isLeaving) {
        return switch (e.why()) {
            case CHANNEL_ENDED -> e.mayHaveRun() ? ran < askAgain : stops <= places;
            case REFUSED -> isLeaving;
            default -> false;
        };
    }

    /// Returns how a request has failed that may have gone to other workers before, and may have run there.
    RequestFailedException seenByCaller(RequestFailedException e) {
        RequestFailedException seen = stops > places && e.why() == Why.CHANNEL_ENDED ? stoppedBy(e) : e;
        boolean hasRunBefore = ran > 0 && !seen.mayHaveRun();
        return hasRunBefore
                ? new RequestFailedException(
                        seen.why(), true, seen.reason() + "; the worker that had it before ended", seen)
                : seen;
    }

    private RequestFailedException stoppedBy(RequestFailedException e) {
        return new RequestFailedException(
                Why.CHANNEL_ENDED,
                e.mayHaveRun(),
                stops + " workers have asked to be replaced instead of answering it",
                e);
    }
}
