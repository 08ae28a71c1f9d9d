package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Readiness;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SocketSelector;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.select.FdSelection;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Applications that come and go in a server: their class loaders go with them, whichever class loader
/// has loaded Dyad.
@Timeout(60)
class RedeployTest {

    /// An application, which closes all that it opens.
    public static final class App implements Runnable {

        @Override
        public void run() {
            try {
                blockingRead();
                virtualReads();
                children();
                selector();
                systemSelection();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private static void blockingRead() throws Exception {
            try (var pair = SocketPair.stream()) {
                var reader = new Thread(() -> readOne(pair));
                reader.start();
                awaitWaiter(pair);
                pair.left().write(ByteBuffer.allocate(1));
                reader.join();
                pair.left().write(ByteBuffer.allocate(1));
                readOne(pair); // here, too
            }
        }

        private static void virtualReads() throws Exception {
            try (var pair = SocketPair.stream()) {
                Thread reader = Thread.ofVirtual().start(() -> readOne(pair));
                awaitWaiter(pair);
                pair.left().write(ByteBuffer.allocate(1));
                reader.join();
                Thread.ofVirtual().start(() -> waitInVain(pair)).join();
                waitInVain(pair); // here, too
            }
        }

        private static void awaitWaiter(SocketPair<StreamSocket> pair) {
            while (pair.right().waiters() == 0) {
                LockSupport.parkNanos(1_000_000);
            }
        }

        private static void readOne(SocketPair<StreamSocket> pair) {
            try {
                int _ = pair.right().read(ByteBuffer.allocate(1));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void waitInVain(SocketPair<StreamSocket> pair) {
            try {
                int _ = pair.right().read(ByteBuffer.allocate(1), Deadline.after(Duration.ofMillis(1)));
            } catch (IOException e) {
                // as it must
            }
        }

        private static void children() throws Exception {
            try (Child child = Command.of("true").spawn()) {
                child.onExit().get();
            }
            Output _ = Command.of("true").parentDeathSignal(Signal.TERM).output();
            try (Child child = Command.of("echo", "said")
                    .stdout(Stdio.lines(App::hear))
                    .stderr(Stdio.lastLines(1))
                    .spawn()) {
                child.waitFor();
            }
            Thread.ofVirtual().start(App::spawn).join();
        }

        private static void hear(String line) {
            assertThat(line).isEqualTo("said");
        }

        private static void spawn() {
            try (Child child = Command.of("true").spawn()) {
                child.waitFor();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void selector() throws Exception {
            try (var selector = SocketSelector.open();
                    var pair = SocketPair.stream()) {
                selector.register(pair.left(), Set.of(Readiness.WRITE), null);
                selector.selectNow(_ -> {});
            }
        }

        private static void systemSelection() throws Exception {
            Platform os = Platforms.current();
            int type = os.SOCK_DGRAM() | os.SOCK_CLOEXEC();
            try (var arena = Arena.ofConfined();
                    var end = RawSocket.own(
                            SysSocket.socket(new CallState(arena), os.AF_UNIX(), type, 0), os.AF_UNIX())) {
                FdSelection selection = FdSelection.borrow(end);
                selection.want(end, FdSelection.WRITE);
                assertThat(selection.select(Deadline.never())).isOne();
                selection.giveBack();
            }
        }
    }

    /// An application that leaves a child behind.
    public static final class Leaves implements Runnable {

        @Override
        public void run() {
            try {
                Child child = Command.of("sleep", "600")
                        .patience(Duration.ZERO, Duration.ofSeconds(1))
                        .spawn();
                System.out.println(child.pid());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// A server, in whose one thread all applications run.
    static final class Server {
        private static final ExecutorService WORKER =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

        public static void main(String[] arguments) throws Exception {
            boolean own = arguments[0].equals("own");
            var loaders = new ArrayList<WeakReference<ClassLoader>>();
            for (int i = 0; i < 5; i++) {
                loaders.add(deploy(App.class.getName(), own));
            }
            Await.until(
                    () -> {
                        System.gc();
                        return loaders.stream().allMatch(loader -> loader.get() == null);
                    },
                    Duration.ofSeconds(20));
            System.out.println("gone");
            Await.until(() -> events() == 0, Duration.ofSeconds(20));
            System.out.println("closed");
            System.exit(0);
        }

        private static long events() {
            return Descriptors.targets().values().stream()
                    .filter(target -> target.startsWith("anon_inode:[event"))
                    .count();
        }

        static WeakReference<ClassLoader> deploy(String name, boolean own) throws Exception {
            try (var loader = new ApplicationLoader(own)) {
                var application =
                        (Runnable) loader.loadClass(name).getConstructor().newInstance();
                WORKER.submit(() -> {
                            Thread.currentThread().setContextClassLoader(loader);
                            try {
                                application.run();
                            } finally {
                                Thread.currentThread().setContextClassLoader(null);
                            }
                        })
                        .get();
                return new WeakReference<>(loader);
            }
        }
    }

    /// Ends after an application was taken away that has left a child.
    static final class Ending {
        public static void main(String[] arguments) throws Exception {
            WeakReference<ClassLoader> _ = Server.deploy(Leaves.class.getName(), true);
            System.exit(0);
        }
    }

    /// Has the application's classes, and Dyad's where it is to have its own.
    static final class ApplicationLoader extends URLClassLoader {

        private final boolean own;

        ApplicationLoader(boolean own) throws IOException {
            super(urls(), Server.class.getClassLoader());
            this.own = own;
        }

        private static URL[] urls() throws IOException {
            var urls = new ArrayList<URL>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean application = name.startsWith(App.class.getName()) || name.equals(Leaves.class.getName());
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                return application || (own && name.startsWith("dev.dyad."))
                        ? findClass(name)
                        : super.loadClass(name, resolve);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"own", "shared"})
    void an_application_that_closed_all_goes_with_its_class_loader(String dyad) throws Exception {
        assertThat(JavaProbe.of(Server.class, dyad).run().toString()).isEqualTo("exit 0\ngone\nclosed\n");
    }

    @Test
    void a_child_that_an_application_has_left_ends_with_the_jvm() throws Exception {
        var result = JavaProbe.of(Ending.class).run();

        assertThat(result.exit()).as(result.toString()).isZero();
        assertThat(ProcessHandle.of(Long.parseLong(result.outText().strip()))).isEmpty();
    }
}
