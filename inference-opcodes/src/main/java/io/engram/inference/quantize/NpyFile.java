package io.engram.inference.quantize;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * NumPy's {@code .npy} format, versions 1 to 3, C order: little-endian floats and integers and single bytes are read;
 * float32 is written.
 *
 * @param shape an empty array is a scalar
 * @param values product(shape) elements
 */
public record NpyFile(int[] shape, float[] values) {

    /** Largest file, in bytes. */
    public static final int MAX_BYTES = 1 << 28;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_RANK = 16;
    private static final int ALIGNMENT = 64;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([<|=])([fiub])([1248])'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*False");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9, ]*)\\)");

    /** @throws IOException if the file cannot be read or is of another format, order or element type */
    public static NpyFile read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is larger than " + MAX_BYTES + " bytes");
        }
        return decode(Files.readAllBytes(file));
    }

    /** @throws IOException if the bytes are of another format, order or element type */
    public static NpyFile decode(byte[] bytes) throws IOException {
        if (bytes.length < 12 || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IOException("not a .npy file");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int version = bytes[6];
        if (version < 1 || version > 3) {
            throw new IOException(".npy version " + version);
        }
        int start = version == 1 ? 10 : 12;
        long headerLength =
                version == 1 ? Short.toUnsignedInt(buffer.getShort(8)) : Integer.toUnsignedLong(buffer.getInt(8));
        if (headerLength > bytes.length - start) {
            throw new IOException("the .npy header is cut off");
        }
        String header = new String(bytes, start, (int) headerLength, StandardCharsets.US_ASCII);
        Matcher type = TYPE.matcher(header);
        Matcher sizes = SHAPE.matcher(header);
        if (!type.find() || !sizes.find() || !ORDER.matcher(header).find()) {
            throw new IOException("unsupported .npy header: " + header.strip());
        }
        int[] shape = shape(sizes.group(1));
        long count = 1;
        for (int size : shape) {
            count *= size;
            if (count > MAX_BYTES) {
                throw new IOException(".npy array too large");
            }
        }
        int width = Integer.parseInt(type.group(3));
        buffer.position(start + (int) headerLength);
        if (buffer.remaining() != count * width) {
            throw new IOException("the .npy header asks for " + count * width + " bytes of data, the file holds "
                    + buffer.remaining());
        }
        return new NpyFile(shape, values(buffer, type.group(2).charAt(0), width, (int) count));
    }

    /** A matrix of rows of one length. */
    public static NpyFile ofRows(List<float[]> rows) {
        int width = rows.isEmpty() ? 0 : rows.getFirst().length;
        float[] values = new float[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, values, i * width, width);
        }
        return new NpyFile(new int[] {rows.size(), width}, values);
    }

    /** Version 1, float32. */
    public byte[] encode() {
        String sizes = Arrays.stream(shape).mapToObj(size -> size + ",").collect(Collectors.joining(" "));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + sizes + "), }";
        int length = (10 + header.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - 10;
        ByteArrayOutputStream out = new ByteArrayOutputStream(10 + length + 4 * values.length);
        out.writeBytes(MAGIC);
        out.writeBytes(new byte[] {1, 0, (byte) length, (byte) (length >> 8)});
        out.writeBytes((header + " ".repeat(length - header.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        out.writeBytes(data.array());
        return out.toByteArray();
    }

    private static int[] shape(String text) throws IOException {
        int[] shape = new int[MAX_RANK];
        int rank = 0;
        for (String part : text.split(",")) {
            String size = part.strip();
            if (size.isEmpty()) {
                continue;
            }
            if (rank == MAX_RANK || size.length() > 9) {
                throw new IOException("bad .npy shape (" + text + ")");
            }
            try {
                shape[rank++] = Integer.parseInt(size);
            } catch (NumberFormatException e) {
                throw new IOException("bad .npy shape (" + text + ")", e);
            }
        }
        return Arrays.copyOf(shape, rank);
    }

    private static float[] values(ByteBuffer data, char kind, int width, int count) throws IOException {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (kind) {
                case 'f' -> real(data, width);
                case 'i' -> integer(data, width);
                default -> unsigned(data, width);
            };
        }
        return values;
    }

    private static float real(ByteBuffer data, int width) throws IOException {
        return switch (width) {
            case 2 -> Float.float16ToFloat(data.getShort());
            case 4 -> data.getFloat();
            case 8 -> (float) data.getDouble();
            default -> throw new IOException("floats of " + width + " bytes");
        };
    }

    private static float integer(ByteBuffer data, int width) {
        return switch (width) {
            case 1 -> data.get();
            case 2 -> data.getShort();
            case 4 -> data.getInt();
            default -> data.getLong();
        };
    }

    private static float unsigned(ByteBuffer data, int width) throws IOException {
        return switch (width) {
            case 1 -> data.get() & 0xff;
            case 2 -> data.getShort() & 0xffff;
            case 4 -> Integer.toUnsignedLong(data.getInt());
            default -> throw new IOException("unsigned integers of 8 bytes");
        };
    }
}
