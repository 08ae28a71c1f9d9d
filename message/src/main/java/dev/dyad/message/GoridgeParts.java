package dev.dyad.message;

import dev.dyad.message.Requests.Parts;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The parts of an answer in goridge's exchange. It has the turn until the last one has come or it is closed.
final class GoridgeParts implements Parts {

    private final GoridgeRequests requests;
    private final Deadline deadline;
    private boolean hasBegun; // a part has come
    private boolean hasCome; // the last part
    private boolean isClosed;

    GoridgeParts(GoridgeRequests requests, Deadline deadline) {
        this.requests = requests;
        this.deadline = deadline;
    }

    @Override
    public @Nullable ByteBuffer next() throws RequestFailedException {
        if (hasCome || isClosed) {
            return null;
        }
        GoridgeFrame frame = part();
        if (!frame.isPart()) {
            hasCome = true;
            close();
        }
        ByteBuffer body = frame.payload().body();
        return frame.isPart() || body.hasRemaining() ? body : null;
    }

    private GoridgeFrame part() throws RequestFailedException {
        boolean hasFailed = true;
        try {
            GoridgeFrame frame = requests.part(hasBegun, deadline);
            hasBegun = true;
            hasFailed = false;
            return frame;
        } finally {
            if (hasFailed) {
                isClosed = true; // what is left is dropped by the next request
                requests.endTaking();
            }
        }
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (!hasCome) {
            requests.owe();
            requests.stop();
        }
        requests.endTaking();
    }
}
