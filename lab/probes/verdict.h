/* What a probe found: one word, and why. */
#ifndef VGPU_VERDICT_H
#define VGPU_VERDICT_H

#define REFUSED "refused"
#define ALLOWED "allowed"

/* Remembers the reason, and returns `word`. */
const char *verdict(const char *word, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The reason for the last verdict. */
const char *verdict_evidence(void);

#endif
