package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// goridge's exchange, as RoadRunner's workers speak it: one request at a time, each a context and a body.
///
/// Before the first request it tells the worker our process id, and the worker tells its own.
final class GoridgeRequests extends RequestsInTurn {

    private static final Pattern PID = Pattern.compile("\\s*\\{\\s*\"pid\"\\s*:\\s*\\d{1,18}\\s*}\\s*");
    private static final Pattern STOP = Pattern.compile("\\s*\\{\\s*\"stop\"\\s*:\\s*true\\s*}\\s*");

    // Of the thread that has the turn.
    private boolean isIntroduced; // our process id is sent
    private boolean isKnown; // the worker's has come

    /// @throws IllegalArgumentException if the channel is not of goridge's wire
    GoridgeRequests(MessageChannel channel) {
        super(channel);
        if (!channel.showHeads(Wire.goridge())) {
            throw new IllegalArgumentException("goridge's requests go over Wire.goridge(), and this is " + channel);
        }
    }

    @Override
    ByteBuffer callTaken(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        ByteBuffer answer =
                callTaken(new Payload(Payload.NOTHING, request), deadline).body();
        request.position(request.limit());
        return answer;
    }

    @Override
    public Payload call(Payload request, Deadline deadline) throws RequestFailedException {
        beginTaking(deadline);
        try {
            return ask(request(request), deadline);
        } finally {
            endTaking();
        }
    }

    private Payload callTaken(Payload request, Deadline deadline) throws RequestFailedException {
        ByteBuffer frame = request(request);
        return inTurn(deadline, () -> ask(frame, deadline));
    }

    private static ByteBuffer request(Payload payload) throws RequestFailedException {
        try {
            return GoridgeFrame.request(payload);
        } catch (OutOfMemoryError e) {
            throw RequestFailedException.here(false, e);
        }
    }

    private Payload ask(ByteBuffer frame, Deadline deadline) throws RequestFailedException {
        introduce(deadline);
        return exchange(frame, deadline, this::payload);
    }

    @Override
    public Parts stream(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        ByteBuffer frame = request(new Payload(Payload.NOTHING, request));
        request.position(request.limit());
        beginTaking(deadline);
        boolean sent = false;
        try {
            introduce(deadline);
            send(frame, deadline);
            sent = true;
            return new GoridgeParts(this, deadline);
        } finally {
            if (!sent) {
                endTaking();
            }
        }
    }

    @Override
    public void awaitIntroduction(Deadline deadline) throws RequestFailedException {
        beginTaking(deadline);
        try {
            introduce(deadline);
        } finally {
            endTaking();
        }
    }

    /// Sends our process id, and waits for the worker's.
    private void introduce(Deadline deadline) throws RequestFailedException {
        try {
            if (!isIntroduced) {
                String ours = "{\"pid\":" + ProcessHandle.current().pid() + "}";
                channel().send(GoridgeFrame.control(ours), deadline);
                isIntroduced = true;
            }
            while (!isKnown) {
                receiveIntroduction(deadline);
            }
        } catch (IOException e) {
            throw notSent(e);
        } catch (VirtualMachineError e) {
            throw RequestFailedException.here(false, e);
        }
    }

    private void receiveIntroduction(Deadline deadline) throws IOException {
        try (Message message = channel().receive(deadline)) {
            if (message == null) {
                throw ended(false);
            }
            GoridgeFrame frame = frame(message, deadline);
            if (frame.isSignOfLife()) {
                reply(frame);
                return;
            }
            requireGoesOn(frame, false);
            if (!isIntroduction(frame)) {
                throw channel().misbehaved("something else than the worker's process id", message);
            }
            isKnown = true;
        }
    }

    private static boolean isIntroduction(GoridgeFrame frame) {
        return frame.isControl() && PID.matcher(frame.text()).matches();
    }

    /// Waits for the next part of an answer.
    ///
    /// @param hasBegun whether one has come before
    GoridgeFrame part(boolean hasBegun, Deadline deadline) throws RequestFailedException {
        return answer(deadline, (message, until) -> answer(message, hasBegun, until));
    }

    /// Returns the payload of an answer, or `null` where it is none.
    private @Nullable Payload payload(Message message, Deadline deadline) throws IOException {
        GoridgeFrame frame = answer(message, false, deadline);
        if (frame != null && frame.isPart()) {
            stop();
            throw RequestFailedException.answeredInParts();
        }
        return frame == null ? null : frame.payload();
    }

    /// Returns the frame of an answer, or `null` where it is only a sign of life.
    ///
    /// @param hasBegun whether a part of the answer has come before
    private @Nullable GoridgeFrame answer(Message message, boolean hasBegun, Deadline deadline) throws IOException {
        GoridgeFrame frame = frame(message, deadline);
        reply(frame);
        if (frame.isSignOfLife()) {
            return null;
        }
        if (frame.isError()) {
            throw new RequestFailedException(Why.ANSWERED_ERROR, true, frame.text(), null);
        }
        requireGoesOn(frame, hasBegun);
        return frame;
    }

    /// Ends the channel where the worker has asked for that: what it was asked has not run, unless a part of the answer
    /// has come.
    private void requireGoesOn(GoridgeFrame frame, boolean hasBegun) throws RequestFailedException {
        Payload payload = frame.payload();
        if (!payload.body().hasRemaining()
                && STOP.matcher(UTF_8.decode(payload.context().duplicate())).matches()) {
            channel().endAsAsked();
            throw ended(hasBegun);
        }
    }

    private void reply(GoridgeFrame frame) {
        if (frame.isPing()) {
            sendIfPossible(GoridgeFrame.pong());
        }
    }

    /// Asks the worker to end the parts of its answer.
    void stop() {
        sendIfPossible(GoridgeFrame.stop());
    }

    private void sendIfPossible(ByteBuffer frame) {
        try {
            boolean _ = channel().trySend(frame);
        } catch (IOException e) {
            // the one that receives is told
        }
    }

    private GoridgeFrame frame(Message message, Deadline deadline) throws IOException {
        try {
            return GoridgeFrame.of(message.bytes(deadline));
        } catch (WireException e) {
            throw channel().misbehaved(e, message);
        }
    }

    /// Takes the worker's process id, where the one that waited for it has given up, signs of life, and that the worker
    /// wants to be replaced.
    @Override
    boolean isExpected(Message message) throws IOException {
        GoridgeFrame frame = frame(message, Deadline.never());
        if (isIntroduced && !isKnown && isIntroduction(frame)) {
            isKnown = true;
            return true;
        }
        if (frame.isSignOfLife()) {
            reply(frame);
            return true;
        }
        requireGoesOn(frame, false);
        return false;
    }

    /// Ends the channel at a frame that is none of an answer: whatever follows could be taken for the next one.
    @Override
    boolean isAnswer(Message message) throws IOException {
        byte[] head = message.beginning(GoridgeWire.OPTIONS);
        try {
            GoridgeFrame.requireAnswer(head);
        } catch (WireException e) {
            throw channel().misbehaved(e, message);
        }
        return !GoridgeFrame.goesOn(head);
    }

    @Override
    public Requests handler(int atOnce, Handler handler) {
        throw new UnsupportedOperationException("goridge's requests are asked here, and not answered");
    }

    /// Tells the worker that nothing more is asked, and closes the channel.
    @Override
    public void close() throws IOException {
        if (channel().closed().isEmpty()) {
            sendIfPossible(GoridgeFrame.control("{\"stop\":true}"));
        }
        super.close();
    }
}
