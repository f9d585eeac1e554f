package io.engram.evm.interpreter;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Asks the JIT to keep the bodies of the operations out of the loop of {@link FastInterpreter}: with them inside, the
 * loop's registers are spilled and it is a quarter slower. Nothing but speed depends on it, so a JVM that does not know
 * compiler directives is no error.
 */
final class OutOfLine {

    private static final String DIRECTIVE = """
            [{
              match: ["io/engram/evm/interpreter/FastInterpreter.execute"],
              inline: ["-io/engram/evm/operation/*.*"]
            }]
            """;

    private static final AtomicBoolean REQUESTED = new AtomicBoolean();

    private OutOfLine() {}

    /**
     * Does it once in a JVM, on a thread of its own, as the management classes take a while to load. It does nothing to a
     * loop that is compiled already, until that is compiled again.
     */
    static void request() {
        if (REQUESTED.compareAndSet(false, true)) {
            Thread thread = new Thread(OutOfLine::addDirective, "engram-jit-directive");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void addDirective() {
        try {
            Path file = Files.createTempFile("engram-jit", ".json");
            try {
                Files.writeString(file, DIRECTIVE, StandardCharsets.US_ASCII);
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "compilerDirectivesAdd",
                                new Object[] {new String[] {file.toString()}},
                                new String[] {String[].class.getName()});
            } finally {
                Files.delete(file);
            }
        } catch (IOException | JMException | RuntimeException e) {
            System.getLogger(OutOfLine.class.getName()).log(Level.DEBUG, "no compiler directives: {0}", e.toString());
        }
    }
}
