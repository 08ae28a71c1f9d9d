package dev.dyad.process.pool;

import static java.util.Objects.requireNonNull;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Starts a child of somebody else's command as a worker of a pool: as if [Command#endGroupWithChild] had been said of
/// it, and with the null device for its standard input, unless the command says what that is. And it says what program
/// that is.
///
/// The command itself says nothing of it afterwards: its owner may start children from it, too.
public abstract class PoolSpawn {

    private static volatile @Nullable PoolSpawn ofCommands;

    /// Is for class `Command`, which can do it, and does so before there is any command.
    protected PoolSpawn() {}

    /// Sets how it is done.
    public static void by(PoolSpawn ofCommands) {
        PoolSpawn.ofCommands = ofCommands;
    }

    /// Starts a child with whose end that of its process group comes, if it leads one, and that reads nothing of ours.
    ///
    /// @throws IOException as [Command#spawn]
    public static Child of(Command command) throws IOException {
        return requireNonNull(ofCommands).spawn(command);
    }

    /// Requires that children can be started at all.
    ///
    /// @throws UnsupportedOperationException where there is no native access
    public static void requireNative() {
        SocketCalls.requireNative();
    }

    /// Does it.
    protected abstract Child spawn(Command command) throws IOException;

    /// Returns the first word of a command, as it was said.
    public static String program(Command command) {
        return requireNonNull(ofCommands).programOf(command);
    }

    /// Looks.
    protected abstract String programOf(Command command);
}
