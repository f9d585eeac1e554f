package io.engram.client.bench;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * A contract to be called once for each measurement. It returns two words: a checksum and the gas that it took between
 * its first and last step.
 *
 * @param size how much it is asked to do; only to be shown
 */
public record Workload(String name, long size, long gas, UInt256 checksum, Bytes input, Bytes code) {

    private static final int FIELDS = 6;

    /** That a file of workloads is not one. */
    public static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    /**
     * Reads lines of tab-separated fields: name, size, gas, checksum, input and code, numbers decimal or with 0x, the
     * last two in hexadecimal. Empty lines and those that start with # say nothing.
     */
    public static List<Workload> read(Path file) throws IOException, MalformedException {
        List<Workload> workloads = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                workloads.add(parse(line, number));
            }
        }
        return workloads;
    }

    private static Workload parse(String line, int number) throws MalformedException {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS) {
            throw new MalformedException("line " + number + " has " + fields.length + " fields, not " + FIELDS);
        }
        try {
            return new Workload(
                    fields[0],
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    word(fields[3]),
                    Bytes.fromHexString(fields[4]),
                    Bytes.fromHexString(fields[5]));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("line " + number + ": " + e.getMessage());
        }
    }

    private static UInt256 word(String text) {
        return UInt256.valueOf(text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text));
    }
}
