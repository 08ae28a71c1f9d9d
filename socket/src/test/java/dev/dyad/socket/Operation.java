package dev.dyad.socket;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/// Something that a program does with the public API, whose calls are walked.
final class Operation {

    /// Sets a stage for one run.
    @FunctionalInterface
    interface Scene {
        Stage set() throws Exception;
    }

    /// What wakes a poller, of either kind.
    private static final List<String> WAKING = List.of("epoll_ctl", "fcntl", "write");

    private final String name;
    private final List<String> methods;
    private final Scene scene;
    private final Map<String, ManualErrors.Meaning> meanings = new HashMap<>();
    private final Map<String, Errno> told = new HashMap<>();
    private ThreadFactory threads = Thread.ofPlatform().factory();
    private boolean inVain;
    private boolean foreign;
    private boolean exchanging;
    private boolean answering;

    private Operation(String name, List<String> methods, Scene scene) {
        this.name = name;
        this.methods = methods;
        this.scene = scene;
    }

    /// @param methods the public methods that it walks, as `Type.name(Parameter,Parameter)`, between blanks
    static Operation of(String name, String methods, Scene scene) {
        return new Operation(name, methods.isEmpty() ? List.of() : List.of(methods.split(" ")), scene);
    }

    /// Does as [#of], for one that waits in vain.
    static Operation inVain(String name, String methods, Scene scene) {
        var operation = of(name, methods, scene);
        operation.inVain = true;
        return operation;
    }

    /// Returns the same on a virtual thread. After a wait in vain the poller is woken, which may end now;
    /// where that fails it goes on a little longer.
    Operation onVirtualThread() {
        var operation = new Operation(name + ", on a virtual thread", methods, scene);
        operation.meanings.putAll(meanings);
        operation.told.putAll(told);
        operation.foreign = foreign;
        operation.exchanging = exchanging;
        operation.answering = answering;
        operation.threads = Thread.ofVirtual().factory();
        if (inVain) {
            WAKING.forEach(call -> operation.meanings.put(call, ManualErrors.Meaning.EITHER));
        }
        return operation;
    }

    /// Says what every error of a call means here, where that is not what it means elsewhere.
    Operation where(String call, ManualErrors.Meaning meaning) {
        meanings.put(call, meaning);
        return this;
    }

    /// Says that some errors of calls are told as another error, of what they were for.
    ///
    /// @param faults those, as `call ERROR`
    Operation telling(Errno verdict, String... faults) {
        for (String fault : faults) {
            told.put(fault, verdict);
        }
        return this;
    }

    /// Says that the number comes from outside, so that a bad one is no bug of ours.
    Operation withForeignNumber() {
        foreign = true;
        return this;
    }

    /// Says that it may close what it has kept, and keep another one of it.
    Operation exchanging() {
        exchanging = true;
        return this;
    }

    /// Says that it answers the error, and not which call it was.
    Operation answering() {
        answering = true;
        return this;
    }

    List<String> methods() {
        return methods;
    }

    Stage set() throws Exception {
        return scene.set();
    }

    Thread thread(Runnable task) {
        return threads.newThread(task);
    }

    ManualErrors.Meaning meaning(String call, ManualErrors.Row row) {
        return meanings.getOrDefault(call, row.meaning());
    }

    /// Returns as what an error of a call is told, or `null` if it is told as it is.
    @Nullable
    Errno told(String call, Errno errno) {
        return told.get(call + " " + errno.name());
    }

    boolean isExchanging() {
        return exchanging;
    }

    boolean isAnswering() {
        return answering;
    }

    boolean isForeign() {
        return foreign;
    }

    @Override
    public String toString() {
        return name;
    }
}
