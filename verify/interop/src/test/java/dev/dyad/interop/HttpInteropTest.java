package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.socket.UnixSocketFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real HTTP client, that takes a socket factory, and a real HTTP server, that is a child: no port between
/// them.
@Timeout(60)
class HttpInteropTest {

    /// Python's own HTTP server. It serves the one connection that it is given, or listens at a path and
    /// says so.
    private static final String SERVER = """
            import http.server, os, socket, socketserver, sys

            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"

                def answer(self, body):
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

                def do_GET(self):
                    if self.path == "/never":
                        self.rfile.read(1)
                    elif self.path == "/chunks":
                        self.send_response(200)
                        self.send_header("Transfer-Encoding", "chunked")
                        self.end_headers()
                        for i in range(1000):
                            self.wfile.write(b"5\\r\\n%04d\\n\\r\\n" % i)
                        self.wfile.write(b"0\\r\\n\\r\\n")
                    else:
                        self.answer(("you asked for " + self.path).encode())

                def do_POST(self):
                    self.answer(self.rfile.read(int(self.headers["Content-Length"])))

                def log_message(self, *arguments):
                    pass

            class Server(socketserver.ThreadingUnixStreamServer):
                daemon_threads = True

            parent = socket.socket(fileno=int(os.environ["DYAD_FD"]))
            if len(sys.argv) > 1:
                server = Server(sys.argv[1], Handler)
                parent.sendall(b"x")
                server.serve_forever()
            else:
                Handler(parent, ("parent", 0), None)
            """;

    /// Starts a server for each connection.
    private static final class Servers extends SocketFactory {

        private final Deque<Child> started = new ArrayDeque<>();

        @Override
        public Socket createSocket() throws IOException {
            Child server = Command.of("python3", "-c", SERVER).spawn();
            started.add(server);
            return server.socket().asSocket();
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return createSocket();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            return createSocket();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return createSocket();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
            return createSocket();
        }
    }

    private final Servers servers = new Servers();
    private OkHttpClient client = over(servers);

    private static OkHttpClient over(SocketFactory sockets) {
        return new OkHttpClient.Builder()
                .socketFactory(sockets)
                .readTimeout(Duration.ofSeconds(20))
                .build();
    }

    @BeforeEach
    void needs_python() {
        Interpreters.require("python3");
    }

    @AfterEach
    void close() throws Exception {
        client.connectionPool().evictAll();
        for (Child server : servers.started) {
            server.close();
        }
    }

    @Test
    void one_connection_carries_many_requests() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(get("/" + i)).isEqualTo("you asked for /" + i);
        }
        assertThat(servers.started).hasSize(1);
    }

    @Test
    void a_server_at_a_path_is_reached_by_a_factory_that_knows_it(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("http");
        try (Child server = Command.of("python3", "-c", SERVER, path.toString()).spawn()) {
            assertThat(server.socket().read(ByteBuffer.allocate(1))).isOne();
            client = over(new UnixSocketFactory(path));

            assertThat(get("/there")).isEqualTo("you asked for /there");
            assertThat(get("/chunks").lines()).hasSize(1_000);
            echo();
            client.connectionPool().evictAll();
            assertThat(get("/anew")).isEqualTo("you asked for /anew");
        }
        assertThatThrownBy(() -> get("/gone")).isInstanceOf(IOException.class);
    }

    @Test
    void a_large_body_goes_there_and_comes_back() throws Exception {
        echo();
    }

    @Test
    void a_body_in_chunks_is_read_to_its_end() throws Exception {
        assertThat(get("/chunks").lines()).hasSize(1_000).startsWith("0000").endsWith("0999");
    }

    @Test
    void an_answer_that_does_not_come_ends_at_the_timeout_and_so_does_the_server() throws Exception {
        var impatient = client.newBuilder()
                .readTimeout(Duration.ofMillis(100))
                .retryOnConnectionFailure(false)
                .build();
        var request = new Request.Builder().url("http://localhost/never").build();

        assertThatThrownBy(() -> impatient.newCall(request).execute()).isInstanceOf(SocketTimeoutException.class);
        assertThat(servers.started.element().waitFor()).isEqualTo(new Exit.Exited(0)); // its connection has ended
        assertThat(get("/again")).isEqualTo("you asked for /again");
    }

    private String get(String path) throws IOException {
        var request = new Request.Builder().url("http://localhost" + path).build();
        try (Response response = client.newCall(request).execute()) {
            assertThat(response.code()).isEqualTo(200);
            return new String(response.body().bytes(), UTF_8);
        }
    }

    private void echo() throws IOException {
        var sent = new byte[5_000_003];
        new Random(7).nextBytes(sent);
        var request = new Request.Builder()
                .url("http://localhost/echo")
                .post(RequestBody.create(sent))
                .build();

        try (Response response = client.newCall(request).execute()) {
            assertThat(response.body().bytes()).isEqualTo(sent);
        }
    }
}
