import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// The messages of Bazel's workers, as `worker_protocol.proto` has them, but for the fields that [BazelWorker] does
/// without.
interface BazelProtocol {

    record WorkRequest(List<String> arguments, int requestId, boolean cancel) {}

    record WorkResponse(int exitCode, String output, int requestId, boolean wasCancelled) {}

    void send(WorkRequest request) throws IOException;

    /// Returns the next response, or `null` at the end.
    WorkResponse receive() throws IOException;

    /// Returns the one that this child speaks.
    static BazelProtocol to(Child child) {
        return new Protobuf(MessageChannel.to(child, Wire.varint()));
    }

    /// Messages of protobuf, each after its length.
    record Protobuf(MessageChannel channel) implements BazelProtocol {

        @Override
        public void send(WorkRequest request) throws IOException {
            var bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            for (String argument : request.arguments()) {
                out.writeString(1, argument);
            }
            out.writeInt32(3, request.requestId());
            out.writeBool(4, request.cancel());
            out.flush();
            channel.send(ByteBuffer.wrap(bytes.toByteArray()));
        }

        @Override
        public WorkResponse receive() throws IOException {
            try (Message message = channel.receive()) {
                return message == null ? null : decode(CodedInputStream.newInstance(message.bytes()));
            }
        }

        private static WorkResponse decode(CodedInputStream in) throws IOException {
            int exitCode = 0;
            String output = "";
            int requestId = 0;
            boolean wasCancelled = false;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (tag) { // the number of the field and, in its three lowest bits, the type
                    case 1 << 3 -> exitCode = in.readInt32();
                    case (2 << 3) | 2 -> output = in.readStringRequireUtf8();
                    case 3 << 3 -> requestId = in.readInt32();
                    case 4 << 3 -> wasCancelled = in.readBool();
                    default -> in.skipField(tag);
                }
            }
            return new WorkResponse(exitCode, output, requestId, wasCancelled);
        }
    }
}
