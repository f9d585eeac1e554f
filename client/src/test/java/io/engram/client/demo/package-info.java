@NullMarked
package io.engram.client.demo;

import org.jspecify.annotations.NullMarked;
