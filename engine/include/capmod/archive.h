/* capmod/archive.h - what lies in folders, zip archives and workbooks.
 *
 * A path may lead on into a file: "icio.zip/2018/ICIO2018_2010.csv" is a member
 * of an archive, "wiot.xlsx/WIOT_2011" a sheet of a workbook (.xlsx, or the older
 * .xls). A path that ends at an archive or a workbook means the one member or sheet
 * that it has.
 */
#ifndef CAPMOD_ARCHIVE_H
#define CAPMOD_ARCHIVE_H

#include "capmod/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cm_kind { CM_KIND_FILE, CM_KIND_FOLDER, CM_KIND_ARCHIVE, CM_KIND_WORKBOOK } cm_kind;

typedef struct cm_contents cm_contents;

/* What `path` is, or what the file is that it leads into. A folder holds its
 * entries, sorted (hidden ones left out); an archive its members and a workbook
 * its sheets, in their order; a file nothing. CM_OPEN, CM_READ, CM_MEMORY. */
CM_API CM_WARN_UNUSED cm_status cm_contents_list(const char *path, cm_contents **out,
                                                 cm_error *err);
CM_API void cm_contents_release(cm_contents *contents);
CM_API cm_kind cm_contents_kind(const cm_contents *contents);
/* The path of the file, folder, archive or workbook itself, and what follows it
 * in the path that was given ("" if nothing does). Borrowed. */
CM_API const char *cm_contents_path(const cm_contents *contents);
CM_API const char *cm_contents_inner(const cm_contents *contents);
/* Name `i`, or NULL past the end. Borrowed. */
CM_API const char *cm_contents_name(const cm_contents *contents, size_t i);

#ifdef __cplusplus
}
#endif

#endif
