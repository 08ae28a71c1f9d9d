package dev.dyad.soak;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.PipeEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A child that sends back what it gets, over a socket or over two pipes, until it is killed.
final class ChildWorkload implements Workload {

    private static final int LONGEST = 2 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// What sends everything back on its descriptor 3.
    static Command echo() {
        return Command.of("sh", "-c", "exec cat <&3 >&3").stderr(Stdio.lastLines(3));
    }

    @Override
    public String name() {
        return "children";
    }

    @Override
    public long round(Random random, KillTargets targets) throws Exception {
        HashedStream stream = HashedStream.random(random, LONGEST);
        boolean overPipes = random.nextBoolean();
        Command command = overPipes
                ? Command.of("cat").withoutSocket().stdin(Stdio.pipe()).stdout(Stdio.pipe())
                : echo();
        try (Child child = command.spawn();
                var threads = new RoundThreads(random);
                var target = targets.child(child)) {
            Future<@Nullable IOException> sent =
                    threads.run(() -> overPipes ? sendAll(stream, child.stdin()) : sendAll(stream, child));
            var arrived = threads.run(() -> HashedStream.receive(overPipes ? child.stdout() : child.socket()));
            HashedStream.Arrival all = RoundThreads.result(arrived);
            IOException failure = RoundThreads.result(sent);
            target.withdraw(); // before it is asked whether it was killed
            stream.require(all, failure, target.wasTargeted());
            Exit exit = child.waitFor(Deadline.after(PATIENCE));
            if (!target.wasTargeted() && !exit.equals(new Exit.Exited(0))) {
                throw new AssertionError("nobody killed it, and it ended with " + exit);
            }
            return all.length();
        }
    }

    private static @Nullable IOException sendAll(HashedStream stream, Child child) {
        return PairWorkload.sendAll(stream, child.socket());
    }

    private static @Nullable IOException sendAll(HashedStream stream, PipeEnd into) {
        try (into) {
            return stream.send(into);
        } catch (IOException e) {
            return e;
        }
    }
}
