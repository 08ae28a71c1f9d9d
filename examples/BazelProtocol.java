import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// The messages of Bazel's workers, as `worker_protocol.proto` has them, but for the fields that [BazelWorker] does
/// without.
interface BazelProtocol {

    record WorkRequest(List<String> arguments, int requestId, boolean cancel) {}

    record WorkResponse(int exitCode, String output, int requestId, boolean wasCancelled) {
        public WorkResponse {
            output = Objects.requireNonNullElse(output, "");
        }
    }

    void send(WorkRequest request) throws IOException;

    /// Returns the next response, or `null` at the end.
    WorkResponse receive() throws IOException;

    /// Returns the form of the messages that this child was told to use.
    static BazelProtocol to(Child child, boolean json) {
        return json ? Json.to(child) : new Protobuf(MessageChannel.to(child, Wire.varint()));
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
    /// Objects of JSON, one after the other: nothing needs to stand between those of the worker.
    record Json(OutputStream requests, JsonParser responses) implements BazelProtocol {

        private static final ObjectMapper MAPPER = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES) // every field may be missing
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // which waits for what follows
                .build();

        private static Json to(Child child) {
            // A reader, since the parser waits for four bytes of a stream to guess its encoding.
            var responses = new InputStreamReader(child.stdout().inputStream(), UTF_8);
            return new Json(child.stdin().outputStream(), MAPPER.createParser(responses));
        }

        @Override
        public synchronized void send(WorkRequest request) throws IOException {
            requests.write((MAPPER.writeValueAsString(request) + "\n").getBytes(UTF_8)); // as Bazel does since 5.0
        }

        @Override
        public WorkResponse receive() throws IOException {
            try {
                return responses.nextToken() == null ? null : responses.readValueAs(WorkResponse.class);
            } catch (JacksonException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }
}
