package dev.dyad.message;

import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The parts of a numbered answer, as they are taken.
final class ReceivedParts implements Requests.Parts {

    private static final int GRANT = NumberedHead.WINDOW / 2; // that many are asked for at once

    private final PendingRequest asked;
    private final Deadline deadline;
    private final NumberedRequests requests;
    private int taken; // since more were asked for
    private boolean ended;

    ReceivedParts(PendingRequest asked, Deadline deadline, NumberedRequests requests) {
        this.asked = asked;
        this.deadline = deadline;
        this.requests = requests;
    }

    @Override
    public @Nullable ByteBuffer next() throws RequestFailedException {
        if (ended) {
            return null;
        }
        ByteBuffer part = asked.nextPart(deadline);
        if (part != null) {
            grant();
            return part;
        }
        ended = true;
        ByteBuffer last = asked.await(deadline);
        return last.hasRemaining() ? last : null;
    }

    private void grant() {
        taken++;
        if (taken == GRANT) {
            taken = 0;
            int _ = requests.tell(
                    NumberedHead.MORE,
                    asked.number(),
                    ByteBuffer.allocate(4).putInt(GRANT).flip());
        }
    }

    @Override
    public void close() {
        ended = true;
        requests.giveUp(asked);
    }
}
